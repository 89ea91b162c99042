package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A filler puts a value at r, drawn in scope s.
type filler func(g *Generator, s scope, e env, r access.Ref)

// A rule puts a value at r, drawn from st, the stream of its path in scope s.
type rule func(g *Generator, st *stream, s scope, e env, r access.Ref)

// A compiler turns a schema and its profiles into fillers. It goes on after an error, to report them all.
type compiler struct {
	errs     []error
	warnings []string
	labels   map[string]string          // of each label, the pick
	external map[string]json.RawMessage // profile by path
	used     map[string]bool            // of external
	dialect  bool                       // some node has arg.properties
	root     *schemas.Node
	files    files
	ends     *ends
	inside   map[*schemas.Node]bool  // records being compiled
	lazy     *sync.Mutex             // held while a record inside itself is compiled, which happens at its first filling
	level    map[*schemas.Node]int   // number of each record type
	load     *load                   // of what is being compiled
	loads    map[*schemas.Node]*load // first ones of records
	never    map[string]bool         // paths at which there is no null
	hints    bool                    // fields that nothing describes go by their names
	hinted   bool                    // some do
	invented map[string]bool         // of each field with a value, whether nothing describes it
}

func (c *compiler) fail(path string, err error) {
	if path == "" {
		path = "."
	}
	c.errs = append(c.errs, fmt.Errorf("%s: %w", path, err))
}

// A place is where a value is compiled: its type, and what the field around it says.
type place struct {
	path      string
	typ       *access.Type
	node      *schemas.Node   // as it stands there; of a record inside itself the reference
	field     string          // path of the field around it, which is the path but for steps into its arrays, maps and unions
	profile   json.RawMessage // of the field
	javaClass string
	within    int  // arrays and maps around it
	grows     bool // it is in a record inside itself
	inUnion   bool // the branch of a nullable union, whose path is the union's: an external profile was the union's
}

// value compiles the value at p. What is wrong with it is reported, and the filler then nil.
func (c *compiler) value(p place) filler {
	c.checkJavaClass(p.path, p.node.JavaClass)
	prof, args, err := c.profileOf(p)
	if err != nil {
		c.fail(p.path, err)
		return nil
	}
	f, err := c.fill(p, prof, args)
	if err != nil {
		c.fail(p.path, err)
		return nil
	}
	if err := prof.unknown(" for "+describe(p.node), func() []string { return keysOf(p.node, c.root) }); err != nil {
		c.fail(p.path, err)
	}
	return f
}

// checkJavaClass warns of a java-class that means nothing.
func (c *compiler) checkJavaClass(path, class string) {
	if class == "" || slices.Contains(schemas.JavaClasses, class) {
		return
	}
	c.warnings = append(c.warnings, fmt.Sprintf("%s: java-class %q means nothing: there are %s", path, class, strings.Join(schemas.JavaClasses, ", ")))
}

// describe names a type in errors.
func describe(n *schemas.Node) string {
	if _, ok := n.Nullable(); ok {
		return "a nullable union"
	}
	return n.Kind.String()
}

// profileOf returns the first profile that there is: external, of the field, of the type, of a hint. Without one, in dialect
// mode, arg.properties say how values are drawn.
func (c *compiler) profileOf(p place) (prof *profile, args json.RawMessage, err error) {
	raw := p.node.Profile
	if p.node.Def != nil {
		raw = p.node.Def.Profile
	}
	if p.profile != nil {
		raw = p.profile
	}
	if ext := c.external[p.path]; ext != nil && !p.inUnion {
		c.used[p.path] = true
		raw = ext
	}
	guess := raw == nil
	if guess && c.hints && !c.dialect {
		raw = hint(p)
	}
	if raw == nil {
		return nil, p.node.Args, nil
	}
	prof, err = readProfile(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("profile: %w", err)
	}
	prof.guess = guess
	if p.node.Record() == c.root {
		prof.take("keyBy")
	}
	return prof, nil, nil
}

// described notes whether anything says what the values of the field around p are.
func (c *compiler) described(p place, prof *profile, args json.RawMessage) {
	c.invented[p.field] = c.invented[p.field] || args == nil && (prof == nil || prof.guess)
	c.hinted = c.hinted || prof != nil && prof.guess
}

func (c *compiler) fill(p place, prof *profile, args json.RawMessage) (filler, error) {
	if p.node.Kind.Scalar() && p.node.Kind != schemas.Null {
		c.described(p, prof, args)
	}
	if p.node.Kind == schemas.Union {
		return c.union(p, prof)
	}
	if !prof.has("pick") {
		if prof.has("first") {
			return nil, errors.New("first needs pick")
		}
		return c.unpicked(p, prof, args)
	}
	if p.node.Kind == schemas.Array || p.node.Kind == schemas.Map {
		return nil, fmt.Errorf("pick is not for %s", p.node.Kind)
	}
	pk, err := c.pick(p.path, prof.take("pick"))
	if err != nil {
		return nil, err
	}
	first, err := c.first(p, prof, pk)
	if err != nil {
		return nil, err
	}
	rest, err := c.unpicked(p, prof, args)
	if err != nil || rest == nil {
		return nil, err
	}
	return func(g *Generator, s scope, e env, r access.Ref) {
		x := pk.entity(s)
		if x < uint64(len(first)) {
			first[x](r)
			return
		}
		s, e = pk.inside(g, x, e)
		rest(g, s, e, r)
	}, nil
}

// first compiles the literals that the first entities of a pick are.
func (c *compiler) first(p place, prof *profile, pk *picker) ([]func(access.Ref), error) {
	raw := prof.take("first")
	if raw == nil {
		return nil, nil
	}
	items, err := list(raw)
	if err == nil && uint64(len(items)) > pk.n {
		err = fmt.Errorf("%d values for %d entities", len(items), pk.n)
	}
	if err != nil {
		return nil, fmt.Errorf("first: %w", err)
	}
	sets, most := make([]func(access.Ref), len(items)), 0.0
	for i, item := range items {
		if sets[i], err = literal(p.typ, item); err != nil {
			return nil, fmt.Errorf("first: %w", err)
		}
		most = max(most, literalBytes(p.node, item))
	}
	c.add(most)
	return sets, nil
}

// unpicked compiles the value at p without its pick.
func (c *compiler) unpicked(p place, prof *profile, args json.RawMessage) (filler, error) {
	switch p.node.Kind {
	case schemas.Record:
		if prof.has("const") {
			return c.constant(p.typ, prof)
		}
		if f, err := c.optionsOf(p, args); f != nil || err != nil {
			return f, err
		}
		return c.record(p)
	case schemas.Array:
		if prof.has("const") {
			return c.constant(p.typ, prof)
		}
		return c.array(p, prof, args)
	case schemas.Map:
		if prof.has("const") {
			return c.constant(p.typ, prof)
		}
		return c.entries(p, prof, args)
	case schemas.Null:
		return func(*Generator, scope, env, access.Ref) {}, nil
	}
	r, err := c.scalar(p, prof, args)
	if err != nil {
		return nil, err
	}
	key := hash(p.path)
	return func(g *Generator, s scope, e env, ref access.Ref) {
		st := s.stream(key)
		r(g, &st, s, e, ref)
	}, nil
}

func (c *compiler) constant(t *access.Type, prof *profile) (filler, error) {
	raw := prof.take("const")
	set, err := literal(t, raw)
	if err != nil {
		return nil, fmt.Errorf("const: %w", err)
	}
	c.add(literalBytes(t.Node, raw))
	return func(_ *Generator, _ scope, _ env, r access.Ref) { set(r) }, nil
}

// maxNesting is how many times a record type occurs among the enclosing records before unions with null are null, and
// arrays and maps empty.
const maxNesting = 6

// What records inside themselves and arrays of arrays multiply to is bounded. From enoughGrown elements, entries and
// records on that stand in a record inside itself, or in two collections and more, further ones there are none: arrays
// and maps whose size nobody chose are empty, and unions whose odds nobody chose are null. What a profile chooses, Compile
// refuses if it makes more than maxValues or maxBytes on average; a record that is larger by chance is cut there.
const (
	enoughGrown = 100
	maxValues   = 1 << 20
	maxBytes    = 64 << 20
)

// free reports whether what stands at p multiplies by itself.
func (p place) free() bool { return p.grows || p.within >= 2 }

// record compiles the fields of a record. Where it is inside itself it is compiled when it is first filled, and once for
// each path: paths, and so draws, differ there. Those that an external profile leads into are compiled, and so checked,
// at once.
func (c *compiler) record(p place) (filler, error) {
	t, n := p.typ, p.node.Record()
	boxed := t.Form == access.Box
	if boxed {
		t = t.Elem
	}
	var fill filler
	if c.inside[n] && !c.leadsInto(p.path) {
		fill = c.later(p, t, n)
	} else {
		fill = c.recordNow(p, t, n)
	}
	if !boxed {
		return fill, nil
	}
	return func(g *Generator, s scope, e env, r access.Ref) {
		fill(g, s, e, p.typ.MakeBox(r))
	}, nil
}

// leadsInto reports whether an external profile speaks of a field of the record at path.
func (c *compiler) leadsInto(path string) bool {
	for name := range c.external {
		if strings.HasPrefix(name, path+".") {
			return true
		}
	}
	return false
}

func (c *compiler) recordNow(p place, t *access.Type, n *schemas.Node) filler {
	around := c.inside[n]
	c.inside[n] = true
	defer func() { c.inside[n] = around }()
	c.load.record = n
	if c.loads[n] == nil {
		c.loads[n] = c.load
	}
	p.grows = p.grows || c.ends.loops[n]
	type step struct {
		off  uintptr
		fill filler
	}
	steps := make([]step, 0, len(t.Fields))
	for _, f := range t.Fields {
		path := join(p.path, f.Name)
		fp := place{path: path, field: path, typ: f.Type, node: f.Schema.Type, profile: f.Schema.Profile, javaClass: f.Schema.JavaClass,
			within: p.within, grows: p.grows}
		if f.Schema.Args != nil {
			c.warnings = append(c.warnings, fp.path+": arg.properties stands on the field and is ignored, as in avro-random-generator: it belongs to the type")
		}
		c.checkJavaClass(fp.path, f.Schema.JavaClass)
		if fill := c.under(load{path: fp.path, times: 1}, func() filler { return c.value(fp) }); fill != nil {
			steps = append(steps, step{f.Offset, fill})
		}
	}
	level, grows := c.levels(n), p.grows
	return func(g *Generator, s scope, e env, r access.Ref) {
		g.count(1, grows)
		g.nesting[level]++
		deep := g.nesting[level] == maxNesting
		if deep {
			g.deep++
		}
		for _, st := range steps {
			st.fill(g, s, e, r.At(st.off))
		}
		if deep {
			g.deep--
		}
		g.nesting[level]--
	}
}

// later compiles a record inside itself when it is first filled.
func (c *compiler) later(p place, t *access.Type, n *schemas.Node) filler {
	c.load.record, c.load.inside = n, true
	sub := *c
	sub.inside = map[*schemas.Node]bool{}
	sub.errs, sub.warnings = nil, nil
	sub.load = &load{} // what it weighs is known from its first load
	once := sync.OnceValue(func() filler {
		sub.lazy.Lock() // generators of several goroutines may be here, each at another path
		defer sub.lazy.Unlock()
		return sub.recordNow(p, t, n)
	})
	return func(g *Generator, s scope, e env, r access.Ref) {
		once()(g, s, e, r)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// union compiles the choice of a branch.
func (c *compiler) union(p place, prof *profile) (filler, error) {
	for _, key := range []string{"alt", "pick"} {
		if prof.has(key) && p.node.Many() {
			return nil, fmt.Errorf("%s is not for a union of several branches", key)
		}
	}
	never := c.never[p.path] && !p.inUnion
	free := p.free() && !prof.has("null") && !never
	null, err := c.nullOdds(p, prof)
	if err != nil {
		return nil, err
	}
	branches, choose, err := c.branches(p, prof, load{times: 1 - float64(null)/(1<<32), closes: p.typ.Null >= 0, free: free && p.typ.Null >= 0})
	if err != nil {
		return nil, err
	}
	t, at, key, exit := p.typ, p.typ.Null, hash(p.path+"?"), c.exit(p.node, branches)
	if len(branches) == 0 { // ["null"]
		return func(_ *Generator, _ scope, _ env, r access.Ref) { t.SetBranch(r, at) }, nil
	}
	return func(g *Generator, s scope, e env, r access.Ref) {
		st := s.stream(key)
		if at >= 0 && (st.event(null) || g.full(free) && !never) {
			t.SetBranch(r, at)
			return
		}
		b := &branches[0]
		if choose != nil {
			b = &branches[choose.draw(&st)]
		}
		if b.leads && g.full(free) {
			b = exit
		}
		b.fill(g, s, e, t.SetBranch(r, b.index))
	}, nil
}

// exit returns the one of branches that ends soonest, which a union without null has where it must end.
func (c *compiler) exit(n *schemas.Node, branches []branch) *branch {
	i := slices.IndexFunc(branches, func(b branch) bool { return b.index == c.ends.exit(n) })
	if i < 0 {
		return nil
	}
	return &branches[i]
}

// nullOdds reads the threshold of a union's being null.
func (c *compiler) nullOdds(p place, prof *profile) (uint64, error) {
	o := 0.1
	if p.node.NullBranch() < 0 {
		o = 0
	} else if c.dialect && prof == nil {
		o = 1 / float64(len(p.node.Branches))
	}
	raw := prof.take("null")
	if raw == nil {
		return c.thresholdOf(p, o), nil
	}
	if p.node.NullBranch() < 0 {
		return 0, errors.New("null: the union has no null")
	}
	o, err := odds(raw)
	if err != nil {
		return 0, fmt.Errorf("null: %w", err)
	}
	if c.never[p.path] && o > 0 {
		c.warnings = append(c.warnings, p.path+": it is part of the key, so that no record has null there, whatever the profile says")
	}
	return c.thresholdOf(p, o), nil
}

// thresholdOf returns that of the union at p being null with odds o: of part of a key it never is.
func (c *compiler) thresholdOf(p place, o float64) uint64 {
	if c.never[p.path] {
		return 0
	}
	return threshold(o)
}

// A branch is a branch of a union that is not null.
type branch struct {
	index int
	fill  filler
	leads bool // into a record inside itself
}

// branches compiles the branches of a union, of which there is l, and the choice among them if there are several.
func (c *compiler) branches(p place, prof *profile, l load) (out []branch, choose choice, err error) {
	choose, err = branchOdds(p, prof)
	if err != nil {
		return nil, nil, err
	}
	shares := []float64{1}
	if choose != nil {
		shares = choose.shares()
	}
	for i, n := range p.node.Branches {
		if n.Kind == schemas.Null {
			continue
		}
		bp := place{path: p.node.BranchPath(p.path, n), field: p.field, typ: p.typ.Branches[i], node: n, inUnion: !p.node.Many(),
			within: p.within, grows: p.grows}
		if bp.inUnion { // on a general union the field's java-class means nothing
			bp.javaClass = p.javaClass
		}
		part := l
		part.path, part.times, part.bytes = bp.path, l.times*shares[len(out)], float64(bp.typ.Size)
		fill := c.under(part, func() (fill filler) {
			fill, err = c.branch(bp, prof)
			return fill
		})
		if err != nil {
			return nil, nil, err
		}
		out = append(out, branch{i, fill, n.Kind == schemas.Record && (n.Def != nil || c.ends.leads[n])})
	}
	return out, choose, nil
}

// branch compiles the branch at p of a union. Of a nullable union the keys beside null are the branch's profile.
func (c *compiler) branch(p place, prof *profile) (fill filler, err error) {
	if own := prof.without("null", "branches"); own != nil && p.inUnion {
		if fill, err = c.fill(p, own, nil); err != nil {
			return nil, err
		}
		for k := range own.taken {
			prof.taken[k] = true
		}
	} else {
		fill = c.value(p)
	}
	if fill == nil { // reported
		fill = func(*Generator, scope, env, access.Ref) {}
	}
	return fill, nil
}

// branchOdds reads the weights of the branches of a union that are not null, nil if there is but one.
func branchOdds(p place, prof *profile) (choice, error) {
	n := len(p.node.Branches)
	if p.node.NullBranch() >= 0 {
		n--
	}
	if !p.node.Many() {
		if prof.has("branches") {
			return nil, errors.New("branches is for unions with two or more branches beside null")
		}
		return nil, nil
	}
	raw := prof.take("branches")
	if raw == nil {
		return newChoice(slices.Repeat([]uint64{1}, n)), nil
	}
	choose, err := weightList(raw, n)
	if err != nil {
		return nil, fmt.Errorf("branches: %w", err)
	}
	return choose, nil
}
