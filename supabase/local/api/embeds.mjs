// Which relation an embed means. Supabase Lite differs from hosted PostgREST twice: it takes any table
// with keys to both sides for a junction and calls the embed ambiguous, where PostgREST wants both keys
// in the junction's primary key; and of a composite key that is named in a hint it compares the first
// column only. Columns as hints it understands, so the hints that it gets here are columns.

const MOST_EMBEDS = 10;
const COMPOSITE_KEY = /!\w+?_organization_id_(\w+?)_fkey\b/g;

export function hasEmbeds(request) {
  return (new URL(request.url).searchParams.get("select") ?? "").includes("(");
}

export async function withDirectRelations(request, send) {
  let asked = withColumns(request);
  for (let turn = 0; turn < MOST_EMBEDS; turn += 1) {
    const again = asked.clone();
    const response = await send(asked);
    const relation = response.status === 300 ? await directRelation(response.clone()) : null;
    const next = relation && reselect(again, (select) => nameRelation(select, relation));
    if (!next || next === again) return response;
    asked = next;
  }
  return send(asked);
}

function withColumns(request) {
  return reselect(request, (select) => select.replace(COMPOSITE_KEY, "!$1"));
}

function reselect(request, change) {
  const url = new URL(request.url);
  const select = url.searchParams.get("select");
  const changed = change(select);
  if (changed === select) return request;
  url.searchParams.set("select", changed);
  return new Request(url.href, request);
}

// The only relation without a junction, if that is so: parent, target, and the column that refers.
async function directRelation(response) {
  const { code, details } = await response.json();
  const direct = code === "PGRST201" ? details.filter((one) => one.cardinality !== "many-to-many") : [];
  if (direct.length !== 1) return null;
  const [parent, target] = direct[0].embedding.split(" with ");
  const columns = [...direct[0].relationship.matchAll(/\(([^)]*)\)/g)].flatMap(([, list]) => list.split(/,\s*/));
  const own = columns.find((column) => column.endsWith("_id") && column !== "organization_id");
  return { parent, target, column: own ?? "organization_id" };
}

// Puts the column behind each embed of the target below its parent that has no hint yet.
function nameRelation(select, { parent, target, column }) {
  const parents = [null];
  let named = "";
  let rest = 0;
  for (const token of select.matchAll(/([\w$]+)((?:!\w+)*)\(|\)/g)) {
    const [text, table, hints] = token;
    if (text === ")") {
      parents.pop();
      continue;
    }
    const inside = parents.at(-1);
    // The outermost parent is the table or the function that was asked for.
    const isMeant = table === target && (inside === null || inside === parent);
    if (isMeant && hints.split("!").every((hint) => ["", "inner", "left"].includes(hint))) {
      const end = token.index + table.length;
      named += `${select.slice(rest, end)}!${column}`;
      rest = end;
    }
    parents.push(table);
  }
  return named + select.slice(rest);
}
