// Answers database errors with the status and body that PostgREST gives them.
// The table follows PostgREST's documentation, "HTTP Status Codes" under "Errors".

const BY_CODE = {
  "23503": 409,
  "23505": 409,
  "25006": 405,
  "42883": 404,
  "42P01": 404,
  "42P17": 500,
  "53400": 500,
  "57P01": 503,
  "57P02": 503,
  "57P03": 503,
  P0001: 400,
};

const BY_CLASS = {
  "08": 503,
  "09": 500,
  "0L": 403,
  "0P": 403,
  "25": 500,
  "28": 403,
  "2D": 500,
  "38": 500,
  "39": 500,
  "3B": 500,
  "40": 500,
  "53": 503,
  "54": 413,
  "55": 500,
  "57": 500,
  "58": 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500,
};

export function statusOf(sqlstate, { anonymous }) {
  if (sqlstate === "42501") return anonymous ? 401 : 403;
  return BY_CODE[sqlstate] ?? BY_CLASS[sqlstate.slice(0, 2)] ?? 400;
}

// A refused booking is an answer. Logged, each would bring a stack trace, and a person's data.
export const isAnswer = (error) =>
  typeof error?.code === "string" &&
  (/^PT[1-4]\d\d$/.test(error.code) || (hasSqlstate(error) && statusOf(error.code, {}) < 500));

export function postgrestResponse(error, { anonymous }) {
  const body = {
    code: error.code,
    details: error.detail ?? null,
    hint: error.hint ?? null,
    message: error.message,
  };
  return json(statusOf(error.code, { anonymous }), body);
}

export function json(status, body, headers = {}) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

// `PTxyz` and `PGRST` choose their own status, and Supabase Lite already obeys them.
// What the driver calls a connection that it could not make, or lost.
export const isConnectionError = (error) =>
  typeof error?.code === "string" && /^(CONNECTION_|CONNECT_TIMEOUT$|ECONN|EPIPE$|57P0[123]$|08...$|53300$)/.test(error.code);

export const hasSqlstate = (error) =>
  typeof error?.code === "string" && /^[0-9A-Z]{5}$/.test(error.code) && !/^(PT|PGRST)/.test(error.code);
