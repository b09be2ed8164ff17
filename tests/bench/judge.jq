# SPDX-License-Identifier: GPL-2.0-only
# Judges figures ($limits is the file of limits): a line for each limit of a
# figure that is there, "VERDICT NAME FIELD NUMBER LIMIT".  The verdict is ok,
# exceeded, unsteady (pairs do not agree) or timed (exceeded, by time).

($limits | split("\n") | map(select(. != "" and (startswith("#") | not)) |
	split(" ")) | map({name: .[0], field: .[1], limit: (.[2] | tonumber)}))
	as $limit |
[inputs] as $all |
$limit[] | . as $l |
$all[] | select(.name == $l.name) |
"\(if .[$l.field] == null then "unsteady"
   elif .[$l.field] <= $l.limit then "ok"
   elif .spread == null then "exceeded"
   elif .spread[0] <= $l.limit then "unsteady"
   else "timed" end) \(.name) \($l.field) \(.[$l.field]) \($l.limit)"
