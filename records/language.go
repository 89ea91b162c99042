package records

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/internal/near"
	"github.com/wirecost/wirecost/schemas"
)

// A Key is a key of the profile language.
type Key struct {
	Name    string
	In      string // the key whose object it stands in, "" for a profile itself, "file" for an external profile
	On      string // of a profile: the types that it is for, "decimal" being one whatever carries it
	Value   string // what it is
	Doc     string // what it does
	Example string // a field's type and profile: {"type": …, "profile": …}; "" if another key's example has it
}

// Where a key may stand, and what it may be.
const (
	onNumbers  = "int long float double decimal"
	onIntegers = "int long decimal"
	onFloats   = "float double"
	onScalars  = "boolean int long float double decimal string bytes fixed enum"

	anInteger  = "integer"
	odds01     = "0 to 1"
	weightText = "weight"
	aSpec      = "number spec"
	aLiteral   = "literal"
)

// Language lists the keys of the profile language: the parser's errors, the command's help and docs/profile.md are made of it.
var Language = []Key{
	{"null", "", "nullable union", odds01, "how often the union is null; 0.1 if nobody says",
		`{"type": ["null", "int"], "profile": {"null": 0.4, "min": 1, "max": 9}}`},
	{"branches", "", "union", "[weight…]", "how often it is each of two or more branches beside null, in the order of the schema",
		`{"type": ["null", "boolean", "long", "string"], "profile": {"null": 0, "branches": [1, 2, 1]}}`},
	{"const", "", onScalars + " array map record", aLiteral, "always this value",
		`{"type": "string", "profile": {"const": "v1"}}`},
	{"top", "", onScalars, "[[literal, weight]…]", "these values, chosen by weight",
		`{"type": "string", "profile": {"top": [["GET", 8], ["POST", 2]], "other": 1, "len": 5, "chars": "upper"}}`},
	{"other", "", onScalars, weightText, "how often it is no value of top, but what the other keys say; 0 if nobody says", ""},
	{"alt", "", onScalars, "[[weight, profile]…]", "one of several profiles, chosen by weight for each value",
		`{"type": "string", "profile": {"alt": [[9, {"len": 2, "chars": "digit"}], [1, {"len": {"min": 20, "max": 30}}]]}}`},
	{"pick", "", "boolean int long float double decimal string bytes fixed enum record", "object", "one of n values that stay the same from record to record",
		`{"type": "string", "profile": {"pick": {"n": 100, "zipf": 1.1}, "len": 4}}`},
	{"first", "", "boolean int long float double decimal string bytes fixed enum record", "[literal…]", "with pick: what the first of its values are",
		`{"type": "string", "profile": {"pick": {"n": 50, "ranks": [5, 3], "rest": 2}, "first": ["home", "search"], "len": 4}}`},
	{"true", "", "boolean", odds01, "how often it is true; 0.5 if nobody says",
		`{"type": "boolean", "profile": {"true": 0.1}}`},
	{"weights", "", "enum", "[weight…]", "how often it is each symbol, in the order of the schema",
		`{"type": {"type": "enum", "name": "Level", "symbols": ["DEBUG", "INFO", "ERROR"]}, "profile": {"weights": [2, 7, 1]}}`},
	{"min", "", onNumbers, "number", "the least value; that of the type if nobody says, of floats 0",
		`{"type": "int", "profile": {"min": 1, "max": 6}}`},
	{"max", "", onNumbers, "number", "the largest value; that of the type if nobody says, of floats 1000", ""},
	{"shape", "", onNumbers, "uniform, log, normal", "how values lie between min and max: evenly, evenly by order of magnitude, or around mean",
		`{"type": "long", "profile": {"min": 1, "max": 1000000, "shape": "log"}}`},
	{"mean", "", onNumbers, "number", "of shape normal",
		`{"type": "int", "profile": {"shape": "normal", "mean": 230, "sd": 30, "min": 0}}`},
	{"sd", "", onNumbers, "number", "of shape normal: the standard deviation", ""},
	{"sum", "", onIntegers, "1 to 8", "so many values of the shape are added up",
		`{"type": "int", "profile": {"min": 1, "max": 6, "sum": 3}}`},
	{"scale", "", onNumbers, "0 to 15", "floats are rounded to so many decimals",
		`{"type": "double", "profile": {"min": 0, "max": 100, "scale": 2}}`},
	{"bins", "", onNumbers, "[[weight, lo, hi]…]", "a range chosen by weight, evenly within, both ends included: what wirecost profile writes",
		`{"type": "int", "profile": {"bins": [[6, 0, 9], [3, 10, 99], [1, 100, 999]]}}`},
	{"quantiles", "", onNumbers, "[number…]", "equally many values between each two of these, ascending",
		`{"type": "int", "profile": {"quantiles": [0, 10, 15, 20, 100]}}`},
	{"time", "", onNumbers + " string", "object", "a time that goes on from record to record",
		`{"type": "long", "profile": {"time": {"start": "2026-01-01T00:00:00Z", "num": 250, "add": {"min": -50, "max": 50}}}}`},
	{"recent", "", onNumbers, "object", "one of the latest ids of a growing population",
		`{"type": "long", "profile": {"recent": {"start": 1000, "num": 150, "back": 100, "hot": 0.5, "group": 100}}}`},
	{"index", "", onNumbers, "object", "counts records; under pick, its values",
		`{"type": "int", "profile": {"index": {"start": 10, "step": 10, "mod": 4}}}`},
	{"len", "", "string bytes", aSpec, "how many characters or bytes; 4 to 24, and 8 to 24, if nobody says",
		`{"type": "string", "profile": {"len": {"min": 3, "max": 9}}}`},
	{"chars", "", "string bytes fixed", "alphabet", "of which characters: the name of an alphabet, or an object; lower if nobody says, of bytes any",
		`{"type": "string", "profile": {"len": 12, "chars": "alnum"}}`},
	{"parts", "", "string", "[text or string profile…]", "texts one after another; a part may have p, the odds of its being there",
		`{"type": "string", "profile": {"parts": ["+", {"num": {"min": 1, "max": 99}}, "-", {"len": 7, "chars": "digit"}, {"p": 0.3, "parts": ["#", {"len": 2, "chars": "digit"}]}]}}`},
	{"num", "", "string", aSpec, "a number in decimal",
		`{"type": "string", "profile": {"num": {"min": 1, "max": 500}, "width": 5}}`},
	{"width", "", "string", "0 to 100", "with num: zeros before it up to so many digits", ""},
	{"uuid", "", "string", "true", "a UUID of version 4",
		`{"type": "string", "profile": {"uuid": true}}`},
	{"format", "", "string", "decimal, rfc3339, rfc3339s, date, clf", "with time: how it is written",
		`{"type": "string", "profile": {"time": {"start": "2026-01-01T00:00:00Z", "num": 40000}, "format": "rfc3339s"}}`},
	{"size", "", "array map", aSpec, "how many elements or entries; 0 to 4 if nobody says",
		`{"type": {"type": "array", "items": {"type": "int", "profile": {"min": 0, "max": 9}}}, "profile": {"size": {"min": 1, "max": 3}}}`},
	{"keys", "", "map", "string profile", "the keys of its entries",
		`{"type": {"type": "map", "values": "boolean"}, "profile": {"size": 2, "keys": {"pick": {"n": 5}, "len": 3}}}`},
	{"keyBy", "", "root record", "[[path…]…]", "natural keys, most natural first: the default of --key", ""},

	{"n", "pick", "", anInteger, "how many values there are",
		`{"type": "int", "profile": {"pick": {"n": 3}, "min": 0, "max": 999}}`},
	{"zipf", "pick", "", "number above 0", "the value of rank r is chosen in proportion to r to the power of minus this", ""},
	{"hot", "pick", "", anInteger, "with p: the first so many values are the hot ones",
		`{"type": "int", "profile": {"pick": {"n": 1000, "hot": 10, "p": 0.9}, "index": {}}}`},
	{"p", "pick", "", odds01, "with hot: how often it is a hot one", ""},
	{"ranks", "pick", "", "[weight…]", "how often it is each of the first values", ""},
	{"rest", "pick", "", weightText, "with ranks: how often it is one of the others", ""},
	{"label", "pick", "", "text", "fields with one label, and equal n and weights, pick the same: they describe one thing",
		`{"type": "string", "profile": {"pick": {"n": 20, "label": "user"}, "len": 6}}`},

	{"start", "time", "", "integer or RFC 3339", "the time of record 0; 0 if nobody says", ""},
	{"num", "time", "", anInteger, "with den: units from one record to the next, num/den; 1 if nobody says", ""},
	{"den", "time", "", anInteger, "see num; 1 if nobody says", ""},
	{"unit", "time", "", "s, ms, us, ns", "that of the logical type if nobody says, and else ms", ""},
	{"add", "time", "", aSpec, "added to it", ""},
	{"late", "time", "", "object", "how often and by how much it is earlier than that",
		`{"type": "long", "profile": {"time": {"num": 1000, "late": {"p": 0.2, "max": 60000}}}}`},
	{"p", "late", "", odds01, "how often", ""},
	{"max", "late", "", anInteger, "by 1 to so many units", ""},

	{"start", "recent", "", anInteger, "the first id; 0 if nobody says", ""},
	{"num", "recent", "", anInteger, "with den: new ids for each record, num/den; 1 if nobody says", ""},
	{"den", "recent", "", anInteger, "see num; 1 if nobody says", ""},
	{"back", "recent", "", anInteger, "ids from so many before the last; 0 if nobody says", ""},
	{"ahead", "recent", "", anInteger, "and up to so many behind it; 0 if nobody says", ""},
	{"hot", "recent", "", odds01, "how often it is the hot one, the first of the last group; 0 if nobody says", ""},
	{"group", "recent", "", anInteger, "ids in a group; 1 if nobody says", ""},
	{"offset", "recent", "", anInteger, "from the first of the group to the hot one; 0 if nobody says", ""},

	{"start", "index", "", anInteger, "the value of number 0; 0 if nobody says", ""},
	{"step", "index", "", anInteger, "from one value to the next; 1 if nobody says", ""},
	{"every", "index", "", anInteger, "so many records have one value; 1 if nobody says", ""},
	{"mod", "index", "", anInteger, "it begins again after so many values; 0 if nobody says: never", ""},

	{"set", "chars", "", "text", "its characters",
		`{"type": "string", "profile": {"len": 8, "chars": {"set": "ACGT"}}}`},
	{"mix", "chars", "", "[[alphabet, weight]…]", "each character is of an alphabet chosen by weight",
		`{"type": "string", "profile": {"len": 12, "chars": {"mix": [["upper", 3], ["digit", 1], [{"set": "-_"}, 1]]}}}`},
	{"either", "chars", "", "[[alphabet, weight]…]", "each text is of an alphabet chosen by weight",
		`{"type": "string", "profile": {"len": 5, "chars": {"either": [["lower", 4], ["cyrillic", 1]]}}}`},

	{"p", "parts", "", odds01, "how often the part is there; 1 if nobody says", ""},

	{"wirecost-profile", "file", "", "1", "the version of the form", ""},
	{"schema", "file", "", "text", "full name of the record; another one is refused", ""},
	{"fingerprint", "file", "", "text", "CRC-64-AVRO of the canonical schema, in hexadecimal; another one is refused", ""},
	{"records", "file", "", anInteger, "how many records it was learned from", ""},
	{"values", "file", "", "kept", "frequent values are those of the sample", ""},
	{"fields", "file", "", "{path: profile…}", "the profile of each path: outer.inner, list[], map{}, map{k} for its keys, union|Branch", ""},
}

// Alphabets lists the named alphabets.
var Alphabets = []struct{ Name, Doc string }{
	{"lower", "a-z"}, {"upper", "A-Z"}, {"digit", "0-9"}, {"hex", "0-9a-f"}, {"alpha", "A-Za-z"}, {"alnum", "0-9A-Za-z"},
	{"base64", "A-Za-z0-9+/"}, {"ascii", "space to ~"}, {"punct", "!#$%'()*+,-./:;=?@[]^_`{|}~"}, {"space", "one space"},
	{"escape", "\", \\ and newline: two bytes in JSON"}, {"html", "<, > and &: six bytes in encoding/json"},
	{"words", "letters, with a space in 1 of 13"}, {"words_", "the same with _"}, {"latin", "à to ÿ: 2 bytes"},
	{"cyrillic", "а to я: 2 bytes"}, {"cjk", "3 bytes"}, {"emoji", "4 bytes"},
}

// keysIn returns the names of the keys that may stand in the object of a key, of a profile for a type.
func keysIn(in, of string) []string {
	var names []string
	for _, k := range Language {
		if k.In == in && (in != "" || k.isFor(of)) {
			names = append(names, k.Name)
		}
	}
	return names
}

// isFor reports whether k is for a type.
func (k Key) isFor(of string) bool {
	return k.On == of || slices.Contains(strings.Fields(k.On), of) && !strings.HasSuffix(k.On, "union") && k.On != "root record"
}

// typeOf returns the word that Key.On has for the type of n.
func typeOf(n *schemas.Node) string {
	if n.Logical == schemas.Decimal {
		return "decimal"
	}
	return n.Kind.String()
}

// keysOf returns the names of the keys that the profile of n may have; root is the record that is made.
func keysOf(n, root *schemas.Node) []string {
	if b, ok := n.Nullable(); ok {
		return append(keysIn("", "nullable union"), keysOf(b, nil)...)
	}
	names := keysIn("", typeOf(n))
	if n.Record() == root {
		names = append(names, "keyBy")
	}
	if n.Kind == schemas.Union && n.NullBranch() >= 0 {
		names = append(names, "null")
	}
	return names
}

// textKeys returns the names of the keys that the profile of a text may have.
func textKeys() []string { return keysIn("", "string") }

// unknownKey is the error of a key that nothing has taken. If it is none of names it proposes the nearest and lists them all;
// of says in what it stands.
func unknownKey(key, of string, names []string) error {
	if slices.Contains(names, key) { // another key decides, or the one that it goes with is not there
		i := slices.IndexFunc(Language, func(k Key) bool { return k.Name == key })
		return fmt.Errorf("key %q does nothing here%s: it says %s", key, of, Language[i].Doc)
	}
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	list := "there are " + strings.Join(names, ", ")
	if len(names) == 0 {
		list = "it has none"
	}
	if meant, ok := near.Name(key, names); ok {
		list = fmt.Sprintf("did you mean %q? %s", meant, list)
	}
	return fmt.Errorf("unknown key %q%s: %s", key, of, list)
}

// unknown returns the error of the first key of p that nothing has taken, nil if there is none.
func (p *profile) unknown(of string, names func() []string) error {
	if left := p.left(); len(left) > 0 {
		return unknownKey(left[0], of, names())
	}
	return nil
}
