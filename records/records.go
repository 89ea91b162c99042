// Package records generates the records of a schema: representative, seeded, the same everywhere.
//
// Record i is a pure function of (schema, profile, seed, i). No state passes from one record to the next, so any range
// can be made by any number of goroutines in any order; and a field's values depend only on its own path and profile,
// the seed and i, so that other fields may come and go. All arithmetic is on 64-bit integers, or on float64 with each
// product rounded before it is added, so that the bits are the same on every machine.
//
// A record of a schema without a profile is of a size that one can look at, whatever is inside itself: about a hundred
// elements and records grow in records inside themselves and in collections deep in others, and then what may be empty or
// null is. Sizes that a profile chooses are kept, but a profile whose sizes multiply to more than 64 MB or a million elements
// a record is refused.
//
// How values are distributed is said by profile objects in the schema or beside it, or by the arg.properties of
// avro-random-generator; fields without either have sensible defaults. [Compile] checks all of it and turns it into a
// [Source], which touches no JSON and no path text afterwards.
//
// The draws: a scope is a 64-bit number; that of record i is mix(mix(seed) + (i+1)*G), of element j under path k
// mix((S ^ K(k)) + (j+1)*G), of entity e of a dictionary mix((mix(seed) ^ K(k)) + (e+1)*G). A value draws from the stream
// that begins at S ^ K(path) and steps by G through mix, the finaliser of SplitMix64. K is FNV-1a.
//
// Note: math/rand/v2's PCG would do no mixing when seeded, cost 3 ns a draw against 1 ns, and a stream of its own for
// each field is what makes fields independent.
package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Source is a schema and its profile, compiled. It does not change and may be used by several goroutines.
type Source struct {
	Schema *schemas.Schema
	Type   *access.Type
	Config
	Fields   int      // with values: those of records in it are counted themselves, records in records inside themselves are not
	Invented int      // of them those whose values nothing describes, but perhaps a hint
	Hinted   bool     // the names of some say how their values are distributed
	Warnings []string // what is odd in the schema or its profile and no error, one line each

	fill   filler
	levels int // record types
	keyBy  [][]string

	// Of a keyed plan with alternatives: which path is null in a record, and what then makes one in which none is.
	null   func(access.Ref) string
	forced filler
}

// A Config says what describes the values of records beside their schema. The zero Config is nothing.
type Config struct {
	External []byte // external profile, nil if there is none
	Hints    bool   // a field that nothing else describes goes by its name, as Hints has it
}

// Compile checks s and its profile and compiles them. An external profile, if not nil, says for each path it names how
// values are distributed, whatever the schema says. The error lists all that is wrong, one line each: "path: what".
func Compile(s *schemas.Schema, external []byte) (*Source, error) {
	return Config{External: external}.Compile(s)
}

// Compile is the function Compile, with all that cfg says.
func (cfg Config) Compile(s *schemas.Schema) (*Source, error) { return cfg.compile(s, nil) }

// compile compiles records that have no null at the paths in never.
func (cfg Config) compile(s *schemas.Schema, never map[string]bool) (*Source, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	c := newCompiler(s)
	c.never, c.hints = never, cfg.Hints
	if len(cfg.External) > 0 {
		if err := c.readExternal(s, cfg.External); err != nil {
			return nil, fmt.Errorf("profile: %w", err)
		}
	}
	if err := c.ends.check(s.Root); err != nil {
		c.errs = append(c.errs, err)
	}
	p := &Source{Schema: s, Type: t, Config: cfg}
	root := c.load
	p.fill = c.value(place{typ: t, node: s.Root})
	c.unusedExternal()
	p.count(c)
	if p.keyBy, err = KeyBy(s, t); err != nil {
		c.fail("", err)
	}
	slices.Sort(c.warnings)
	p.Warnings, p.levels = slices.Concat(s.Warnings, slices.Compact(c.warnings)), len(c.level)
	if len(c.errs) == 0 {
		c.checkWeight(root)
	}
	return p, errors.Join(c.errs...)
}

// count counts the fields of which c has compiled the values.
func (p *Source) count(c *compiler) {
	p.Fields, p.Hinted = len(c.invented), c.hinted
	for _, invented := range c.invented {
		if invented {
			p.Invented++
		}
	}
	if c.dialect && p.Invented > 0 {
		c.warnings = append(c.warnings, fmt.Sprintf("arg.properties stand on some types only: %d of %s without any have the defaults of avro-random-generator, "+
			"any integer of the type and texts of control characters: annotate them, or describe them in an external profile", p.Invented, plural.Count(p.Fields, "field")))
	}
}

func newCompiler(s *schemas.Schema) *compiler {
	c := &compiler{labels: map[string]string{}, external: map[string]json.RawMessage{}, used: map[string]bool{}, files: filesOf(s.Dir, s.Work),
		inside: map[*schemas.Node]bool{}, invented: map[string]bool{}, lazy: new(sync.Mutex), level: map[*schemas.Node]int{}, root: s.Root, ends: endsOf(s.Root),
		load: &load{times: 1}, loads: map[*schemas.Node]*load{}}
	s.Root.Walk(func(_ string, n *schemas.Node) error {
		c.dialect = c.dialect || n.Args != nil
		return nil
	})
	return c
}

// levels numbers record types.
func (c *compiler) levels(n *schemas.Node) int {
	if l, ok := c.level[n]; ok {
		return l
	}
	c.level[n] = len(c.level)
	return c.level[n]
}

// readExternal reads an external profile.
func (c *compiler) readExternal(s *schemas.Schema, raw []byte) error {
	p, err := readProfile(bytes.TrimPrefix(raw, []byte("\ufeff"))) // an editor's mark, as before schemas
	if err != nil {
		return err
	}
	if v, err := integer(p.take("wirecost-profile")); err != nil || v != 1 {
		return errors.New(`"wirecost-profile": 1 is missing`)
	}
	if raw := p.take("schema"); raw != nil {
		if name, err := text(raw); err != nil || name != s.Root.Name {
			return fmt.Errorf("it is of schema %s, not of %s", raw, s.Root.Name)
		}
	}
	if raw := p.take("fingerprint"); raw != nil {
		want := fmt.Sprintf("%016x", s.Fingerprint())
		if got, err := text(raw); err != nil || !strings.EqualFold(got, want) {
			return fmt.Errorf("it was made for a schema with the fingerprint %s, and this one has %s", raw, want)
		}
	}
	p.take("records")
	p.take("values")
	fields := p.take("fields")
	if fields == nil {
		return errors.New(`"fields" is missing`)
	}
	if err := p.unknown("", func() []string { return keysIn("file", "") }); err != nil {
		return err
	}
	f, err := readProfile(fields)
	if err != nil {
		return fmt.Errorf("fields: %w", err)
	}
	c.external = f.keys
	return nil
}

func (c *compiler) unusedExternal() {
	for path := range c.external {
		if !c.used[path] {
			c.fail(path, errors.New("the profile has it and the schema does not"))
		}
	}
}

// A Set is records of a schema, generated or somebody's own.
type Set struct {
	Schema  *schemas.Schema
	Type    *access.Type
	Records uint64             // how many there are
	At      func(i uint64) any // record i, a pointer to its struct; behind the last there are others, or the first again
}

// Set returns the first records of p, n of them.
func (p *Source) Set(seed, n uint64) *Set {
	return &Set{Schema: p.Schema, Type: p.Type, Records: n, At: p.Generator(seed).New}
}

// A Generator makes records of a source with a seed. It keeps scratch space: not for concurrent use.
type Generator struct {
	source  *Source
	seed    uint64
	buf     []byte // of the text that is being made
	nesting []int  // how often each record type is among the enclosing records
	deep    int    // how many of them are there often enough
	values  int    // elements, entries and records of the record that is being made, so far
	grown   int    // of them those that stand where things multiply by themselves
	bytes   int    // of text and of memory of elements, so far
}

// Generator returns a generator with the given seed.
func (p *Source) Generator(seed uint64) *Generator {
	return &Generator{source: p, seed: seed, nesting: make([]int, p.levels)}
}

// New returns record i, a pointer to a new struct.
func (g *Generator) New(i uint64) any {
	v := g.source.Type.New()
	r, err := g.source.Type.Ref(v)
	if err != nil {
		panic(err) // New has made it
	}
	g.Fill(i, r)
	return v
}

// Fill makes the record at r record i. It shares no memory with what the record was.
func (g *Generator) Fill(i uint64, r access.Ref) {
	g.fill(i, r, g.source.fill)
	if null := g.source.null; null != nil && null(r) != "" {
		g.fill(i, r, g.source.forced)
	}
}

func (g *Generator) fill(i uint64, r access.Ref, fill filler) {
	g.values, g.grown, g.bytes = 0, 0, 0
	fill(g, root(g.seed, i), env{i, i}, r)
}

// count counts n elements, entries or records, which may have grown by themselves.
func (g *Generator) count(n int, grows bool) {
	g.values += n
	if grows {
		g.grown += n
	}
}

// full reports whether the record that is being made is as deep or as large as it gets, where nobody chose how large if
// free is set.
func (g *Generator) full(free bool) bool {
	return g.deep > 0 || free && g.grown >= enoughGrown || g.values > maxValues || g.bytes >= maxBytes
}

// room takes n bytes of those that the record may have, or as many as are left, and returns how many it has taken.
func (g *Generator) room(n int) int {
	n = min(n, maxBytes-g.bytes)
	g.bytes += n
	return n
}
