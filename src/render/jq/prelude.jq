# What the language has besides the functions of ours. jq's manual says what each of these does; where jq 1.6 and 1.7
# differ it is done as in 1.7. Everything here is rewritten as a user's filter is (see rewrite.rs).

def empty: [][] as $x | .;
def error: error_empty as $x | .;
def error(message): (message | error_empty) as $x | .;
def not: if . then false else true end;
def select(f): if f then . else empty end;
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type == "array" or type == "object");
def scalars: select(type != "array" and type != "object");
def isfinite: type == "number" and (isinfinite | not);
def finites: select(isfinite);
def normals: select(isnormal);
def tostring: if type == "string" then . else tojson end;
def toarray: if type == "array" then . else [.] end;
def have_literal_numbers: true;
def have_decnum: false;

# Of functions with two arguments jq takes the second one's first value with all of the first's, then its next.
def pow(a; b): b as $b | a as $a | _pow($a; $b);
def atan2(a; b): b as $b | a as $a | _atan2($a; $b);
def hypot(a; b): b as $b | a as $a | _hypot($a; $b);
def fmin(a; b): b as $b | a as $a | _fmin($a; $b);
def fmax(a; b): b as $b | a as $a | _fmax($a; $b);
def fmod(a; b): b as $b | a as $a | _fmod($a; $b);
def fdim(a; b): b as $b | a as $a | _fdim($a; $b);
def copysign(a; b): b as $b | a as $a | _copysign($a; $b);
def ldexp(a; b): b as $b | a as $a | _ldexp($a; $b);
def scalb(a; b): ldexp(a; b);
def scalbln(a; b): ldexp(a; b);
def setpath(path; value): value as $value | path as $path | _setpath($path; $value);

# Generators
def range($from; $upto; $by): _range($from; $upto; $by);
def range($from; $upto): _range($from; $upto; 1);
def range($upto): _range(0; $upto; 1);
def repeat(f): def rec: f, rec; rec;
def while(condition; f): def rec: if condition then ., (f | rec) else empty end; rec;
def until(condition; f): def rec: if condition then . else f | rec end; rec;
def recurse(f): def rec: ., (f | rec); rec;
def recurse(f; condition): recurse(f | select(condition));
def recurse: recurse(.[]?);
def recurse_down: recurse;
def limit($n; f): if $n > 0 then _limit($n; f) elif $n == 0 then empty else f end;
def skip($n; f): if $n > 0 then _skip($n; f) elif $n == 0 then f else error("Invalid arguments: skip doesn't support negative count") end;
def last(f): reduce f as $x (null; $x);
def nth($n; f): if $n < 0 then error("nth doesn't support negative indices") else first(skip($n; f)) end;
def isempty(f): first((f | false), true);
def any(f; condition): isempty(f | condition | select(.)) | not;
def all(f; condition): isempty(f | condition | select(not));
def any(condition): any(.[]; condition);
def all(condition): all(.[]; condition);
def any: any(.[]; .);
def all: all(.[]; .);
def add(f): reduce f as $x (null; . + $x);

# Arrays
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def map(f): [.[] | f];
def sort: _list("sorted") | _sort_by(.);
def sort_by(f): _list("sorted") | _sort_by(f);
def group_by(f): _list("grouped") | _group_by(f);
def unique: [group_by(.)[] | .[0]];
def unique_by(f): [group_by(f)[] | .[0]];
def min_by(f): _list("iterated over") | last(_min_by(f));
def max_by(f): _list("iterated over") | last(_max_by(f));
def min: min_by(.);
def max: max_by(.);
def indices($part): _indices($part);
def index($part): _indices($part) | .[0];
def rindex($part): _indices($part) | .[-1];
def inside(whole): . as $part | whole | contains($part);
def flatten($depth):
  def flat($depth): reduce .[] as $x ([];
    if ($x | type) == "array" and $depth != 0 then . + ($x | flat($depth - 1)) else . + [$x] end);
  if $depth < 0 then error("flatten depth must not be negative") else flat($depth) end;
def flatten: flatten(1e9);
def transpose: if . == [] then [] else [range(map(length) | max) as $at | [.[][$at]]] end;
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $rest | [$x] + $rest end;
def combinations(n): . as $list | [range(n) | $list] | combinations;
def bsearch($wanted): _list("searched from") | . as $list
  | {low: 0, high: length}
  | until(.low >= .high;
      ((.low + .high) / 2 | floor) as $middle
      | if $list[$middle] < $wanted then .low = $middle + 1 else .high = $middle end)
  | .low as $at
  | if $at < ($list | length) and $list[$at] == $wanted then $at else -1 - $at end;

# Objects
def in(object): . as $key | object | has($key);
def to_entries: [keys_unsorted[] as $key | {$key, value: .[$key]}];
def from_entries: reduce .[] as $entry ({};
  ($entry | .key // .Key // .name // .Name) as $key
  | if ($key | type) != "string"
    then error("Cannot use \($key | type) (\($key | tojson)) as object key")
    else . + {($key): ($entry | if has("value") then .value else .Value end)} end);
def with_entries(f): to_entries | map(f) | from_entries;
def map_values(f): .[] |= f;
def walk(f): def rec: (if type == "object" then map_values(rec) elif type == "array" then map(rec) else . end) | f; rec;
def INDEX(rows; f): reduce rows as $row ({}; .[$row | f | tostring] = $row);
def INDEX(f): INDEX(.[]; f);
def IN(values): any(values == .; .);
def IN(some; values): any(some == values; .);
def JOIN($index; f): [.[] | [., $index[f]]];
def JOIN($index; rows; f): rows | [., $index[f]];
def JOIN($index; rows; f; join): rows | [., $index[f]] | join;

# Places
def paths: path(..) | select(length > 0);
def paths(f): path_value(..) | select(.[0] != []) | select(.[1] | f) | .[0];
def leaf_paths: paths(type != "array" and type != "object");
def del(places): delpaths([path(places)]);
def pick(places): . as $whole | reduce path(places) as $path (null; setpath($path; $whole | getpath($path)));
def tostream: path(def rec: (.[]? | rec), .; rec) as $path
  | getpath($path)
  | reduce path(.[]?) as $last ([$path, .]; [$path + $last]);
def fromstream(events):
  {whole: null, done: false} as $start
  | foreach events as $event ($start;
      if .done then $start else . end
      | if ($event | length) == 2
        then setpath(["whole"] + $event[0]; $event[1]) | .done = ($event[0] == [])
        else .done = ($event[0] | length == 1) end;
      if .done then .whole else empty end);
def truncate_stream(events): . as $depth | null | events | if (.[0] | length) > $depth then .[0] |= .[$depth:] else empty end;

# Strings
def format($name):
  if $name == "text" then @text elif $name == "json" then @json elif $name == "csv" then @csv elif $name == "tsv" then @tsv
  elif $name == "html" then @html elif $name == "uri" then @uri elif $name == "sh" then @sh elif $name == "base64" then @base64
  elif $name == "base64d" then @base64d elif $name == "base32" then @base32 elif $name == "base32d" then @base32d
  elif ($name | type) == "string" then error("\($name) is not a valid format")
  else error("\($name | type) (\($name | tojson)) is not a valid format") end;
def _captured: reduce (.captures[] | select(.name != null)) as $group ({}; .[$group.name] = $group.string);
def _arguments($given):
  if ($given | type) == "string" then [$given, null]
  elif ($given | type) == "array" and $given != [] then $given
  else error(($given | type) + " not a string or array") end;
def match($re; $flags): _match($re; $flags)[];
def match($given): _arguments($given) as [$re, $flags] | match($re; $flags);
def test($re; $flags): _test($re; $flags);
def test($given): _arguments($given) as [$re, $flags] | test($re; $flags);
def capture($re; $flags): match($re; $flags) | _captured;
def capture($given): match($given) | _captured;
def scan($re; $flags): match($re; "g" + $flags) | if .captures == [] then .string else [.captures[].string] end;
def scan($re): scan($re; null);
def splits($re; $flags): . as $text
  | [0, (match($re; "g" + $flags) | .offset, .offset + .length), ($text | length)]
  | range(0; length; 2) as $at
  | $text[.[$at]:.[$at + 1]];
def splits($re): splits($re; null);
def split($re; $flags): [splits($re; $flags)];
def sub($re; f; $flags): . as $text
  | _match($re; $flags) as $matches
  | [$matches[] | [_captured | f]] as $parts
  | if $matches == [] then $text
    elif any($parts[]; length != ($parts[0] | length))
    then error("the replacement gives another number of strings for one match than for another")
    else range($parts[0] | length) as $nth | $text | _replaced($matches; [$parts[][$nth]]) end;
def sub($re; f): sub($re; f; null);
def gsub($re; f; $flags): sub($re; f; "g" + $flags);
def gsub($re; f): sub($re; f; "g");

# Times
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def todate: todateiso8601;
def fromdate: fromdateiso8601;
