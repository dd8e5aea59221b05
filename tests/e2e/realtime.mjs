// supabase-js, unchanged, on two accounts of the demo practice: what the desk and a client hear while
// one appointment is booked, moved and cancelled. Run by test_realtime.py; exits with 0 if all is well.
import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from '@supabase/supabase-js'

const { API, KEY, PASSWORD } = process.env
const pristav = '10000000-0000-4000-8000-000000001000'
const harbour = '10000000-0000-4000-8000-000000002000'
const video = '20000000-0000-4000-8000-000000001004'
const calendar = `organization:${pristav}:calendar`

async function signIn(email) {
  const api = createClient(API, KEY, { auth: { persistSession: false } })
  const { data, error } = await api.auth.signInWithPassword({ email, password: PASSWORD })
  if (error) throw error
  return { api, user: data.user }
}

// A channel that remembers what it heard; `next` waits for the one after.
function listen(api, topic, config = { private: true }) {
  const heard = []
  const channel = api.channel(topic, {
    config: { ...config, broadcast: { replication_ready: true, ...config.broadcast } },
  })
  // A booking fills inboxes as well, which other tests look at.
  channel.on('broadcast', { event: '*' }, (message) => {
    if (!message.event.startsWith('notification:')) heard.push(message)
  })
  const joined = new Promise((resolve) => {
    channel.subscribe((status, error) => resolve({ status, reason: error?.message }))
  })
  // Joining does not wait long for the database's messages; what is sent before they come would not be heard.
  const ready = new Promise((resolve) => {
    channel.on('system', {}, ({ message }) => message === 'Replication connection established' && resolve())
  })
  const next = async () => {
    for (let tries = 0; tries < 200 && heard.length === 0; tries += 1) await wait(50)
    return heard.shift()
  }
  return { channel, joined, ready, next, heard }
}

async function until(condition) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (condition()) return
    await wait(50)
  }
  assert.fail(`never came: ${condition}`)
}

const reception = await signIn('reception@pristav.test')
const owner = await signIn('owner@pristav.test')
const client = await signIn('client@pristav.test')
const neighbour = await signIn('reception@harbour.test')

// Who may join
const desk = listen(reception.api, calendar, { private: true, presence: { key: 'reception', enabled: true } })
const own = listen(client.api, `user:${client.user.id}`)
assert.deepEqual(await desk.joined, { status: 'SUBSCRIBED', reason: undefined })
assert.deepEqual(await own.joined, { status: 'SUBSCRIBED', reason: undefined })
await Promise.all([desk.ready, own.ready])
for (const [{ api }, topic] of [
  [client, calendar],
  [neighbour, calendar],
  [neighbour, `user:${client.user.id}`],
  [reception, `organization:${harbour}:calendar`],
]) {
  const { status, reason } = await listen(api, topic).joined
  assert.equal(status, 'CHANNEL_ERROR')
  assert.equal(reason, `Unauthorized: You do not have permissions to read from this Channel topic: ${topic}`)
}

// One appointment from booking to cancellation
const day = (ahead) => new Date(Date.now() + ahead * 86400_000).toISOString().slice(0, 10)
const { data: slots } = await client.api
  .rpc('find_slots', { service_id: video, from_date: day(1), to_date: day(14) }).throwOnError()
const { practitioner_id, starts_at } = slots.at(-1)
const { data: appointment } = await client.api
  .rpc('book_appointment', { service_id: video, practitioner_id, starts_at }).throwOnError()
const moved = slots.findLast((slot) => slot.practitioner_id === practitioner_id && slot.ends_at <= starts_at)
await reception.api
  .rpc('reschedule_appointment', { appointment_id: appointment.id, starts_at: moved.starts_at }).throwOnError()
await reception.api.rpc('cancel_appointment', { appointment_id: appointment.id }).throwOnError()

const at = (time) => new Date(time).getTime()
for (const { next } of [desk, own]) {
  const [created, updated, cancelled] = [await next(), await next(), await next()]
  assert.equal(created.event, 'appointment:created')
  assert.equal(created.payload.appointment_id, appointment.id)
  assert.equal(at(created.payload.starts_at), at(starts_at))
  assert.equal(updated.event, 'appointment:updated')
  assert.equal(at(updated.payload.previous_starts_at), at(starts_at))
  assert.equal(at(updated.payload.starts_at), at(moved.starts_at))
  assert.equal(cancelled.event, 'appointment:cancelled')
}

// A new token keeps the channels
await client.api.auth.refreshSession()
await client.api.from('clients').select('id').throwOnError()
assert.equal(own.channel.state, 'joined')

// Who is there
const second = listen(owner.api, calendar, { private: true, presence: { key: 'owner', enabled: true } })
await second.joined
assert.equal(await desk.channel.track({ view: 'week' }), 'ok')
assert.equal(await second.channel.track({ view: 'day' }), 'ok')
await until(() => Object.keys(desk.channel.presenceState()).length === 2)
await until(() => Object.keys(second.channel.presenceState()).length === 2)
assert.equal(await owner.api.removeChannel(second.channel), 'ok')
await until(() => Object.keys(desk.channel.presenceState()).join() === 'reception')

// Broadcasts between clients: on public channels only, as text or bytes
const sender = listen(client.api, 'room', { broadcast: { ack: true } })
const hearer = listen(neighbour.api, 'room', {})
await Promise.all([sender.joined, hearer.joined])
const say = (event, payload) => ({ type: 'broadcast', event, payload })
assert.equal(await sender.channel.send(say('text', { word: 'příště' })), 'ok')
assert.deepEqual((await hearer.next()).payload, { word: 'příště' })
assert.equal(await sender.channel.send(say('bytes', new Uint8Array([1, 2, 255]).buffer)), 'ok')
assert.deepEqual(new Uint8Array((await hearer.next()).payload), new Uint8Array([1, 2, 255]))
assert.deepEqual(await sender.channel.httpSend('http', { n: 1 }), { success: true })
assert.deepEqual((await hearer.next()).payload, { n: 1 })
await sender.next() // what comes over HTTP reaches everybody
await desk.channel.send(say('appointment:created', { forged: true }))
await wait(300)
assert.deepEqual([desk.heard, own.heard, sender.heard], [[], [], []])

process.exit(0)
