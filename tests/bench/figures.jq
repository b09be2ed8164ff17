# SPDX-License-Identifier: GPL-2.0-only
# From lines "NAME VALUE UNIT AGAINST MID LOW HIGH", "-" where there is
# none, to one object a figure (jq -n -R).  Pairs that were measured in turns have
# ratios, with a median, mostly from LOW to HIGH; where these are too far apart,
# nothing has been shown.

def number: if . == "-" then null else tonumber end;
def round4: . * 10000 | round / 10000;

[inputs | select(startswith("#") | not) | split(" ") |
	if length != 7 then error("not a figure: \(join(" "))") else . end |
	{
		name: .[0], value: (.[1] | tonumber), unit: .[2],
		against: (if .[3] == "-" then null else .[3] end),
		mid: (.[4] | number), low: (.[5] | number),
		high: (.[6] | number)
	}] as $all |
($all | map({(.name): .value}) | add) as $value |
$all[] |
.against as $against |
if $against != null and $value[$against] == null then
	error("\(.name) is compared with \($against), which is not there")
else . end |
{
	name, value, unit, against,
	ratio: (if $against == null or $value[$against] == 0 or
		   (.low != null and .high > 1.5 * .low) then
			null
		else
			.mid // (.value / $value[$against]) | round4
		end),
	spread: (if .low == null then null else [.low, .high] end)
}
