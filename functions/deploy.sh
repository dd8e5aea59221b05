#!/usr/bin/env bash
# Deploys every function of main.py to Cloud Run functions, with one command:
#
#   GOOGLE_CLOUD_PROJECT=my-project REGION=europe-west1 functions/deploy.sh [name …]
#
# Configuration comes from functions/.env (see functions/.env.example). Values of secret variables
# are stored in Secret Manager and mounted from there; the rest become plain variables. Running it
# again updates what changed. DRY_RUN=1 prints the commands and runs none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly ALL=(booking credits billing imports notifications reports video)
readonly SECRETS=' SUPABASE_SECRET_KEY SERVICE_TOKEN_SECRET LINK_SECRET SUPABASE_JWT_SECRET RESEND_API_KEY
  RESEND_WEBHOOK_SECRET SMTP_PASSWORD TWILIO_AUTH_TOKEN FCM_PRIVATE_KEY JAAS_PRIVATE_KEY JITSI_APP_SECRET
  BANK_TOKENS '
# What passes every policy, or lets machines in, goes to those alone that act without a user.
readonly KEYS=' SUPABASE_SECRET_KEY SERVICE_TOKEN_SECRET LINK_SECRET '
readonly KEYED=' billing notifications reports '
readonly RUNTIME=${RUNTIME:-python312}
readonly REGION=${REGION:-europe-west1}
readonly PROJECT=${GOOGLE_CLOUD_PROJECT:?set GOOGLE_CLOUD_PROJECT to the id of your project}
readonly CONCURRENCY=16
readonly ENV_FILE=${ENV_FILE:-.env}
readonly ACCOUNT=praxis-functions@${PROJECT}.iam.gserviceaccount.com

[[ -r $ENV_FILE ]] || { echo "Copy functions/.env.example to functions/$ENV_FILE and fill it in." >&2; exit 1; }
if [[ -z ${DRY_RUN:-} ]] && ! command -v gcloud >/dev/null; then
  echo 'The gcloud command is missing: https://cloud.google.com/sdk/docs/install' >&2
  exit 1
fi

run() {
  if [[ -n ${DRY_RUN:-} ]]; then
    printf '%q ' "$@"; echo
  else
    "$@"
  fi
}

exists() { [[ -z ${DRY_RUN:-} ]] && "$@" >/dev/null 2>&1; }

# A secret's value goes in by stdin: never on a command line, never in a log.
store_secret() {
  local name=$1 value=$2
  exists gcloud secrets describe "$name" --project="$PROJECT" ||
    run gcloud secrets create "$name" --project="$PROJECT" --replication-policy=automatic
  if [[ -n ${DRY_RUN:-} ]]; then
    echo "gcloud secrets versions add $name --project=$PROJECT --data-file=- < (value of $name)"
  elif [[ $(gcloud secrets versions access latest --secret="$name" --project="$PROJECT" 2>/dev/null) != "$value" ]]; then
    printf %s "$value" | gcloud secrets versions add "$name" --project="$PROJECT" --data-file=- >/dev/null
  fi
  run gcloud secrets add-iam-policy-binding "$name" --project="$PROJECT" \
    --member="serviceAccount:$ACCOUNT" --role=roles/secretmanager.secretAccessor --quiet >/dev/null
}

# An account of their own, without any role in the project: the functions need none.
exists gcloud iam service-accounts describe "$ACCOUNT" --project="$PROJECT" ||
  run gcloud iam service-accounts create praxis-functions --project="$PROJECT" --display-name='Praxis functions'

variables=$(mktemp)
trap 'rm -f "$variables"' EXIT
# As many threads as Cloud Run sends requests at once; they mostly wait for the API.
echo "THREADS: '$CONCURRENCY'" >"$variables"
secrets=()
while IFS='=' read -r name value || [[ -n $name ]]; do
  [[ $name =~ ^[A-Z][A-Z0-9_]*$ && -n $value ]] || continue
  if [[ $SECRETS == *[[:space:]]"$name"[[:space:]]* ]]; then
    secret=praxis-${name,,}
    store_secret "${secret//_/-}" "$value"
    secrets+=("$name=${secret//_/-}:latest")
  else
    # YAML in single quotes knows one escape only.
    printf "%s: '%s'\n" "$name" "${value//\'/\'\'}" >>"$variables"
  fi
done <"$ENV_FILE"

targets=("$@")
[[ $# -gt 0 ]] || targets=("${ALL[@]}")
for target in "${targets[@]}"; do
  [[ " ${ALL[*]} " == *" $target "* ]] || { echo "There is no function $target." >&2; exit 1; }
  options=(
    --project="$PROJECT" --region="$REGION" --source=. --function="$target" --base-image="$RUNTIME"
    --service-account="$ACCOUNT" --env-vars-file="$variables"
    # Supabase signs the callers' tokens, and each function checks them.
    --allow-unauthenticated
    --memory=512Mi --cpu=1 --concurrency="$CONCURRENCY" --max-instances="${MAX_INSTANCES:-20}" --timeout=300
  )
  mounted=()
  for secret in "${secrets[@]}"; do
    [[ $KEYS == *" ${secret%%=*} "* && $KEYED != *" $target "* ]] || mounted+=("$secret")
  done
  [[ ${#mounted[@]} -eq 0 ]] || options+=(--set-secrets="$(IFS=,; echo "${mounted[*]}")")
  echo "Deploying $target …"
  run gcloud run deploy "$target" "${options[@]}"
done
