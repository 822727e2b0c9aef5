#!/usr/bin/env bash
# Stands in for Claude Code. The first line of the prompt says what it does: chaos <ending> <seconds> <what it leaves behind>.
# Every process that works for it shows $CHAOS_ROOT/mark and its folder as its name.
mark="$CHAOS_ROOT/mark$PWD"
[ "$0" = "$BASH_SOURCE" ] && [ -z "$CHAOS_NAMED" ] && CHAOS_NAMED=1 exec -a "$mark" bash "$0" "$@"

read -r _ ending seconds leaves _
attempt=${TMPDIR%/*/tmp}
attempt=${attempt##*/}
session=
for word in "$@"; do
  case $word in
    --session-id=*) session=${word#*=} ;;
    --safe-mode) ending=hang leaves=nothing attempt=1 ;; # A judge: its limit has to end it.
  esac
done

# Nothing of the attempt before may be at work in this folder.
others=
for file in /proc/[0-9]*/cmdline; do
  name=
  { IFS= read -r -d '' name <"$file"; } 2>/dev/null
  [ "$name" = "$mark" ] && [ "$file" != "/proc/$$/cmdline" ] && others="$others $file"
done
echo "$session ${TMPDIR#"$CHAOS_ROOT"} $$ others:$others" >>"$CHAOS_ROOT/launches"

say() { printf '%s\n' "$1"; }
words() { say '{"type":"assistant","parent_tool_use_id":null,"message":{"id":"m'"$RANDOM"'","role":"assistant","content":[{"type":"text","text":"'"$1"'"}]}}'; }
result() {
  say '{"type":"result","subtype":"success","is_error":'"$1"',"num_turns":1,"result":"That was all.","total_cost_usd":0.01,"terminal_reason":"completed"}'
}
named='exec -a "$0" sleep 300'

say '{"type":"system","subtype":"init","session_id":"'"$session"'","model":"stand-in","claude_code_version":"0"}'
words 'At work.'
case $leaves in
  background) bash -c "$named" "$mark" & ;;
  nohup) nohup bash -c "$named" "$mark" >/dev/null 2>&1 & ;;
  session) setsid bash -c "$named" "$mark" & ;;
  double-fork) (setsid bash -c "$named" "$mark" &) ;;
  stripped) (setsid env -i "$BASH" -c "$named" "$mark" </dev/null >/dev/null 2>&1 &) ;;
  deaf) bash -c "trap '' TERM INT HUP; $named" "$mark" & ;;
  stopped) bash -c "kill -STOP \$\$; $named" "$mark" & ;;
esac

[ "$attempt" -gt 1 ] && ending=succeed
[ "$ending" = deaf ] && trap '' TERM INT HUP
[ "$ending" = hang ] && seconds=300
if [ "$ending" = flood ]; then
  line='{"type":"user","parent_tool_use_id":null,"message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"'"$(printf 'all work and no play %.0s' {1..50})"'"}]}}'
  for _ in {1..1000}; do say "$line"; done
fi
# In the background, so that a signal is answered at once.
sleep "$seconds" &
wait $!
[ "$ending" = deaf ] && wait $!
case $ending in
  die) kill -KILL $$ ;;
  report-error)
    result true
    exit 1
    ;;
  fail) words 'I could not do it.' ;;
  *) echo done >done.txt ;;
esac
result false
