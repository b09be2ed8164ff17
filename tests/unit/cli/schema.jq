# SPDX-License-Identifier: GPL-2.0-only
#
# jq -r --slurpfile schema SCHEMA -f schema.jq DOCUMENT: a line for each place
# where the document does not keep to the schema. Knows as much of JSON Schema
# as the schema has; refuses a schema that has more.

def kinds: if type == "number" and floor == . then ["number", "integer"]
	   else [type] end;

def invalid($s; $path):
	. as $v
	| if $s | type == "boolean" then
		if $s then empty else "\($path): is not in the schema" end
	  else
	  (($s | keys_unsorted) - ["$schema", "$id", "$defs", "title", "description",
			  "$ref", "allOf", "if", "then", "type", "const", "enum",
			  "pattern", "minimum", "required", "properties",
			  "additionalProperties", "items"]
	   | .[] | "schema.jq does not know \"\(.)\""),
	  (($s["$ref"] // empty) as $r
	   | invalid($schema[0]["$defs"][$r | ltrimstr("#/$defs/")]
		     // ("no definition \($r)" | error); $path)),
	  (($s.allOf // [])[] as $one | invalid($one; $path)),
	  (if $s.if and ([invalid($s.if; $path)] == [])
	   then invalid($s.then; $path) else empty end),
	  (if $s.type and ([kinds[] | select(. == $s.type)] == [])
	   then "\($path): is \(type), not \($s.type)" else empty end),
	  (if ($s | has("const")) and $s.const != $v
	   then "\($path): is \($v), not \($s.const)" else empty end),
	  (if $s.enum and ([$s.enum[] | select(. == $v)] == [])
	   then "\($path): \($v) is none of \($s.enum)" else empty end),
	  (if $s.pattern and type == "string" and (test($s.pattern) | not)
	   then "\($path): \($v) does not match \($s.pattern)" else empty end),
	  (if $s.minimum and type == "number" and . < $s.minimum
	   then "\($path): \($v) is below \($s.minimum)" else empty end),
	  (if type == "object" then
		(($s.required // []) - keys | .[] | "\($path): has no \(.)"),
		(to_entries[] as $e
		 | $e.value | invalid(
			if ($s.properties // {}) | has($e.key)
			then $s.properties[$e.key]
			elif $s | has("additionalProperties")
			then $s.additionalProperties else true end;
			"\($path).\($e.key)"))
	   elif type == "array" and $s.items then
		(to_entries[] as $e
		 | $e.value | invalid($s.items; "\($path)[\($e.key)]"))
	   else empty end)
	  end;

invalid($schema[0]; "")
