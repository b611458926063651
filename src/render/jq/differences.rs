//! The differences from jq 1.6: `tm-hooks help filtering` shows them, and a test checks each row.

/// One difference.
#[derive(Debug)]
pub struct Difference {
    /// A filter that shows it, with null as input.
    pub filter: &'static str,
    /// The result of jq 1.6.
    pub jq: &'static str,
    /// The result here.
    pub here: &'static str,
}

/// The filter gives no result.
pub const NOTHING: &str = "nothing";
/// The filter fails.
pub const FAILS: &str = "an error";
/// The text is not a filter.
pub const REFUSED: &str = "no filter";
/// The filter never ends.
pub const ENDLESS: &str = "never ends";

const fn row(filter: &'static str, jq: &'static str, here: &'static str) -> Difference {
    Difference { filter, jq, here }
}

/// Corrections and additions of jq 1.7, which this program follows.
pub const AS_IN_JQ_1_7: &[Difference] = &[
    row("1? | error(\"x\")", NOTHING, FAILS),
    row("0 / 0", "null", FAILS),
    row("try error(null) catch .", NOTHING, "null"),
    row("[limit(0; 1, 2)]", "[1]", "[]"),
    row("[nth(5; 1, 2)]", "[2]", "[]"),
    row("[1, 2] | .[] |= empty", "[2]", "[]"),
    row("\"äb\" | index(\"b\")", "2", "1"),
    row("\"aab\" | gsub(\"^a\"; \"b\")", "bbb", "bab"),
    row("\"ab\" | gsub(\"(?=b)\"; \"-\")", ENDLESS, "a-b"),
    row("[\"aa\" | gsub(\"a\"; \"x\", \"y\")]", "[\"xx\",\"yx\",\"xy\",\"yy\"]", "[\"xx\",\"yy\"]"),
    row("\"b\" | capture(\"(?<x>a)?\")", "{}", "{\"x\":null}"),
    row("[\"ab\" | match(\"$\"; \"g\").offset]", "[2,2]", "[2]"),
    row("\"a\" | match(\"()\"; \"g\").captures | length", "0", "1"),
    row("\"ab\" | reverse", FAILS, "ba"),
    row("\"aaa\" | indices(\"aa\")", "[0]", "[0,1]"),
    row("\"a\\u0000b\" | contains(\"b\")", "false", "true"),
    row("nan % 5", "-3", "null"),
    row("infinite % 3", "-2", "1"),
    row("\"a!\" | @uri", "a!", "a%21"),
    row("\"a\" | @base32", FAILS, "ME======"),
    row("\"ME======\" | @base32d", FAILS, "a"),
    row("if true then 1 end", REFUSED, "1"),
    row("[[1]] | .[0].[0]", REFUSED, "1"),
    row("{a: 1} | pick(.a)", REFUSED, "{\"a\":1}"),
    row("[-1 | abs, toarray]", REFUSED, "[1,[-1]]"),
    row("\" a \" | trim, ltrim, rtrim", REFUSED, "a, \"a \", \" a\""),
    row("[\"a1\" | scan(\"A\"; \"i\")]", REFUSED, "[\"a\"]"),
];

/// Differences on purpose.
pub const OURS: &[Difference] = &[
    row("\"[1.50, 2.0]\" | fromjson", "[1.5,2]", "[1.50,2.0]"),
    row("9007199254740993 + 1", "9007199254740992", "9007199254740994"),
    row("9223372036854775808 % 10", "-8", "8"),
    row("-1 % 1", "-0", "0"),
    row("100000000000000000000", "1e+20", "100000000000000000000"),
    row("\"2026-11-23T17:40:00.5Z\" | fromdate", FAILS, "1795455600.5"),
    row("\"2026-11-23T17:40:00+01:00\" | fromdate", FAILS, "1795452000"),
    row("\"2026-02-30T00:00:00Z\" | fromdate", "1772409600", FAILS),
    row("[\"ab\" | match(\"a|ab\"; \"l\").string]", "[\"a\"]", "[\"ab\"]"),
    row("{a: 1} | del(.a | tonumber)", "{}", FAILS),
    row("-1.5 | gmtime[5]", "59.5", "58.5"),
    row("[2026, 10, 23, 0, 0, 0, 0, 0] | strftime(\"%A\")", "Sunday", "Monday"),
    row("1e12 | todate", "33658-09-27T01:46:40Z", FAILS),
    row("\"10:20\" | strptime(\"%H:%M\") | length", "8", FAILS),
    row("\"2026-11-23 Z\" | strptime(\"%F %z\") | length", "8", FAILS),
    row("\"2026-11-23 CET\" | strptime(\"%F %Z\") | length", "8", FAILS),
    row("\".5\" | tonumber", "0.5", FAILS),
    row("\"0123\" | tonumber", "123", FAILS),
    row("\"+5\" | tonumber", "5", FAILS),
    row("\"01\" | fromjson", "1", FAILS),
    row("\"1.\" | fromjson", "1", FAILS),
    row("\"1e1000\" | fromjson", "1.7976931348623157e+308", "1e+1000"),
    row("first(range(1; 2; \"a\"))", "1", FAILS),
    row("\"[\" * 200 + \"]\" * 200 | fromjson | length", "1", FAILS),
    row(".5", "0.5", REFUSED),
    row("null?//1", REFUSED, "1"),
    row("\"a\" as $k | {$k: 1}", REFUSED, "{\"a\":1}"),
    row("\"\\ud83d\\ude00\" | length", "1", REFUSED),
    row("[1] as [$a] ?// $a | $a", "1", REFUSED),
    row("{a: {b: 1}} as {$a: {b: $x}} | $x", "1", REFUSED),
    row("def f($a): [a]; f(1, 2)", "[1,2], [1,2]", "[1], [2]"),
];

/// Functions of jq that read or change the outside world; none exists here. They are lines of help.
pub const OUTSIDE: &str = "  $ENV builtins debug env get_jq_origin get_prog_origin get_search_list halt halt_error
  input input_filename input_line_number inputs modulemeta stderr
";

/// Functions of jq 1.6 that do not exist here. They are lines of help.
pub const LEFT_OUT: &str = "  drem erf erfc fma gamma j0 j1 jn lgamma lgamma_r nextafter nexttoward pow10 remainder
  scalars_or_empty tgamma y0 y1 yn
";
