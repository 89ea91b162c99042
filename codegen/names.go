package codegen

import (
	"fmt"
	"strings"
)

// A scope gives out names that differ.
type scope map[string]bool

// unique returns name, or what it becomes with a number behind it if it is taken, and takes it.
func (s scope) unique(name string) string {
	got := name
	for i := 2; s[got]; i++ {
		got = fmt.Sprint(name, i)
	}
	s[got] = true
	return got
}

// initialisms are the parts of names that Go writes in capitals.
var initialisms = map[string]string{
	"id": "ID", "ip": "IP", "url": "URL", "uri": "URI", "uuid": "UUID", "json": "JSON", "html": "HTML", "http": "HTTP", "api": "API",
}

// exported returns an Avro name as an exported Go name: trace_id becomes TraceID.
func exported(name string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(name, "_") {
		switch {
		case part == "":
		case initialisms[part] != "":
			b.WriteString(initialisms[part])
		default:
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	if got := b.String(); got != "" && (got[0] < '0' || got[0] > '9') {
		return got
	}
	return "X" + b.String()
}

// simple returns a full name without its namespace.
func simple(full string) string { return full[strings.LastIndexByte(full, '.')+1:] }

// snake returns a name in lower case, with _ where its capitals and dots were: nexmark.Bid becomes nexmark_bid.
func snake(name string) string {
	var b strings.Builder
	for i, c := range name {
		upper := c >= 'A' && c <= 'Z'
		if upper && i > 0 && !strings.ContainsRune("._", rune(name[i-1])) && (name[i-1] < 'A' || name[i-1] > 'Z') {
			b.WriteByte('_')
		}
		if c == '.' {
			c = '_'
		}
		b.WriteString(strings.ToLower(string(c)))
	}
	return b.String()
}
