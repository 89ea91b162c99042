package flinktest

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"
)

// A drawer draws the text of a schema, with numbered names.
type drawer struct {
	t         *rapid.T
	n         int
	namespace string
	open      []string // the records around
}

func drawSchema(t *rapid.T) string {
	d := &drawer{t: t, namespace: rapid.SampledFrom([]string{"", "ex."}).Draw(t, "namespace")}
	return d.record(3, 1)
}

func (d *drawer) name(prefix string) string {
	d.n++
	return fmt.Sprint(prefix, d.n)
}

func (d *drawer) pick(label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(d.t, label)
}

func (d *drawer) record(depth, least int) string {
	name := d.namespace + d.name("R")
	d.open = append(d.open, name)
	var fields []string
	for range rapid.IntRange(least, 4).Draw(d.t, "fields") {
		javaClass := d.pick("field's java-class", "", "", "", `, "java-class": "short"`, `, "java-class": "java.util.Date"`)
		fields = append(fields, fmt.Sprintf(`{"name": %q, "type": %s%s}`, d.name(d.pick("case", "f", "F", "_")), d.place(depth), javaClass))
	}
	d.open = d.open[:len(d.open)-1]
	return fmt.Sprintf(`{"type": "record", "name": %q, "fields": [%s]}`, name, strings.Join(fields, ", "))
}

// place draws a type that may be a union.
func (d *drawer) place(depth int) string {
	switch rapid.IntRange(0, 9).Draw(d.t, "union") {
	case 0, 1, 2:
		return `["null", ` + d.plain(depth) + `]`
	case 3:
		return `[` + d.plain(depth) + `, "null"]`
	case 4:
		return `[` + d.plain(depth) + `]`
	case 5:
		return d.union(depth)
	}
	return d.plain(depth)
}

// kinds are those of types that unions tell apart, and scalars those that have no parts.
var (
	kinds   = []string{"boolean", "int", "long", "float", "double", "string", "bytes", "fixed", "enum", "record", "array", "map"}
	scalars = kinds[:9]
)

// plain draws a type that is no union, an array more often than others.
func (d *drawer) plain(depth int) string {
	switch {
	case depth == 0:
		return d.kind(rapid.SampledFrom(scalars).Draw(d.t, "scalar"), depth)
	case rapid.IntRange(0, 9).Draw(d.t, "plain") < 4:
		return d.kind("array", depth)
	}
	return d.kind(rapid.SampledFrom(kinds).Draw(d.t, "kind"), depth)
}

func (d *drawer) kind(kind string, depth int) string {
	switch kind {
	case "int":
		return d.pick("int", `"int"`, `{"type": "int", "java-class": "byte"}`, `{"type": "int", "java-class": "java.lang.Short"}`,
			`{"type": "int", "logicalType": "date"}`, `{"type": "int", "logicalType": "time-millis"}`)
	case "long":
		return d.pick("long", `"long"`, `{"type": "long", "logicalType": "timestamp-millis"}`, `{"type": "long", "logicalType": "timestamp-micros"}`,
			`{"type": "long", "logicalType": "timestamp-millis", "java-class": "java.util.Date"}`,
			`{"type": "long", "logicalType": "timestamp-millis", "java-class": "java.sql.Timestamp"}`, `{"type": "long", "logicalType": "time-micros"}`,
			`{"type": "long", "logicalType": "local-timestamp-millis"}`, `{"type": "long", "logicalType": "local-timestamp-micros"}`)
	case "string":
		return d.pick("string", `"string"`, `{"type": "string", "logicalType": "uuid"}`)
	case "bytes":
		return d.pick("bytes", `"bytes"`, `{"type": "bytes", "logicalType": "decimal", "precision": 28, "scale": 3}`)
	case "fixed":
		return fmt.Sprintf(`{"type": "fixed", "name": %q, "size": 3%s}`, d.name("X"), d.pick("fixed", "", `, "logicalType": "decimal", "precision": 5`))
	case "enum":
		return fmt.Sprintf(`{"type": "enum", "name": %q, "symbols": ["A", "B"]}`, d.name("E"))
	case "record":
		return d.record(depth-1, rapid.IntRange(0, 1).Draw(d.t, "least fields"))
	case "array":
		return fmt.Sprintf(`{"type": "array", "items": %s%s}`, d.element(depth-1), d.pick("array", "", `, "java-array": true`, `, "java-array": true`))
	case "map":
		return fmt.Sprintf(`{"type": "map", "values": %s}`, d.element(depth-1))
	}
	return strconv.Quote(kind)
}

// element draws the type of an element, which may be a record around it.
func (d *drawer) element(depth int) string {
	if rapid.IntRange(0, 5).Draw(d.t, "recursion") == 0 {
		return fmt.Sprintf(d.pick("form", `%q`, `["null", %q]`, `["string", %q]`, `{"type": "array", "java-array": true, "items": %q}`), rapid.SampledFrom(d.open).Draw(d.t, "record"))
	}
	return d.place(depth)
}

// union draws a union of several branches.
func (d *drawer) union(depth int) string {
	var branches []string
	if rapid.Bool().Draw(d.t, "null") {
		branches = append(branches, `"null"`)
	}
	from := kinds
	if depth == 0 {
		from = scalars
	}
	for _, kind := range rapid.SliceOfNDistinct(rapid.SampledFrom(from), 2, 4, rapid.ID[string]).Draw(d.t, "branches") {
		branches = append(branches, d.kind(kind, depth))
	}
	return "[" + strings.Join(branches, ", ") + "]"
}

// deepest is how deep drawn records nest.
const deepest = 6

// drawRecord draws a record in Avro's JSON encoding.
func drawRecord(t *rapid.T, root *class) []byte {
	v := valuer{t}
	return []byte(v.value(root, 0))
}

type valuer struct{ t *rapid.T }

// place draws a value at a place of c, which may be null.
func (v valuer) place(c *class, depth int) string {
	switch {
	case c.kind == "Void" || c.nullable && (depth >= deepest || rapid.IntRange(0, 3).Draw(v.t, "null") == 0):
		return "null"
	case !c.tagged:
		return v.value(c, depth)
	case c.kind != "Object":
		return fmt.Sprintf("{%q: %s}", c.tag, v.value(c, depth))
	}
	branches := c.branches
	if depth >= deepest {
		branches = slices.DeleteFunc(slices.Clone(branches), func(b *class) bool { return b.kind == "record" })
	}
	if len(branches) == 0 {
		branches = c.branches
	}
	b := rapid.SampledFrom(branches).Draw(v.t, "branch")
	if b.kind == "LocalTime" && b.micros { // a whole number of milliseconds may be another branch's
		return fmt.Sprintf("{%q: %d}", b.tag, 1000*rapid.IntRange(0, 86399999).Draw(v.t, "ms")+rapid.IntRange(1, 999).Draw(v.t, "us"))
	}
	return fmt.Sprintf("{%q: %s}", b.tag, v.value(b, depth))
}

// value draws a value of c.
func (v valuer) value(c *class, depth int) string {
	switch c.kind {
	case "record":
		var fields []string
		for _, f := range c.body.fields {
			fields = append(fields, fmt.Sprintf("%q: %s", f.name, v.place(f.is, depth+1)))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case "List", "array":
		var list []string
		for range v.count(depth) {
			list = append(list, v.place(c.elem, depth+1))
		}
		return "[" + strings.Join(list, ", ") + "]"
	case "Map":
		var members []string
		keys := rapid.SliceOfNDistinct(rapid.StringN(0, 3, -1), 0, v.count(depth), rapid.ID[string]).Draw(v.t, "keys")
		slices.Sort(keys) // those of one bucket are written in this order
		for _, key := range keys {
			members = append(members, quote(key)+": "+v.place(c.elem, depth+1))
		}
		return "{" + strings.Join(members, ", ") + "}"
	}
	return v.scalar(c)
}

// count draws how many elements there are.
func (v valuer) count(depth int) int {
	if depth >= deepest {
		return 0
	}
	return rapid.IntRange(0, 3).Draw(v.t, "count")
}

func (v valuer) scalar(c *class) string {
	switch c.kind {
	case "boolean":
		return strconv.FormatBool(rapid.Bool().Draw(v.t, "boolean"))
	case "byte":
		return fmt.Sprint(rapid.Int8().Draw(v.t, "byte"))
	case "short":
		return fmt.Sprint(rapid.Int16().Draw(v.t, "short"))
	case "int", "LocalDate":
		return fmt.Sprint(rapid.Int32().Draw(v.t, "int"))
	case "LocalTime":
		return v.timeOfDay(c)
	case "long", "Instant", "LocalDateTime", "Date", "Timestamp":
		return fmt.Sprint(rapid.OneOf(rapid.Int64Range(math.MinInt64+1, math.MaxInt64), rapid.SampledFrom([]int64{0, -1, 3600000, math.MaxInt64})).Draw(v.t, "long"))
	case "float":
		return real2json(float64(rapid.OneOf(rapid.Float32(), rapid.SampledFrom([]float32{float32(math.NaN()), float32(math.Inf(-1))})).Draw(v.t, "float")), 32)
	case "double":
		return real2json(rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1)})).Draw(v.t, "double"), 64)
	case "String":
		return quote(rapid.OneOf(rapid.StringN(0, 5, -1), rapid.StringMatching(`[a-z]{2,70}`), rapid.SampledFrom([]string{"é", "\x00", "\U0001f600"})).Draw(v.t, "string"))
	case "UUID":
		b := rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(v.t, "uuid")
		return fmt.Sprintf(`"%x-%x-%x-%x-%x"`, b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	case "enum":
		return quote(rapid.SampledFrom(c.symbols).Draw(v.t, "symbol"))
	}
	return v.bytes(c)
}

// timeOfDay draws a time, often one of the whole hours that the JDK shares.
func (v valuer) timeOfDay(c *class) string {
	unit := 1
	if c.micros {
		unit = 1000
	}
	ms := rapid.OneOf(rapid.IntRange(0, 86400000*unit-1), rapid.Map(rapid.IntRange(0, 23), func(h int) int { return h * 3600000 * unit }))
	return fmt.Sprint(ms.Draw(v.t, "time"))
}

// bytes draws bytes, a fixed or a decimal.
func (v valuer) bytes(c *class) string {
	least, most := 0, 5
	switch {
	case c.size >= 0:
		least, most = c.size, c.size
	case c.kind == "BigDecimal":
		least = 1
	}
	var text []rune
	for _, b := range rapid.SliceOfN(rapid.Byte(), least, most).Draw(v.t, "bytes") {
		text = append(text, rune(b))
	}
	return quote(string(text))
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func real2json(f float64, bits int) string {
	switch {
	case f != f:
		return `"NaN"`
	case math.IsInf(f, 1):
		return `"Infinity"`
	case math.IsInf(f, -1):
		return `"-Infinity"`
	}
	if f == 0 && math.Signbit(f) {
		return "-0.0" // -0 is an integer to some readers
	}
	return strconv.FormatFloat(f, 'g', -1, bits)
}
