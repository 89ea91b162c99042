package learn

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

// Profile returns the external profile of the records that l has seen, as records.Compile takes it. With keep the most
// frequent values of the sample are in it as they are, and otherwise stand-ins for them.
func (l *Learner) Profile(keep bool) ([]byte, error) {
	if l.records == 0 {
		return nil, errors.New("there is no record to learn from")
	}
	w := writer{keep: keep}
	w.node(l.root)
	var head object
	head.put("wirecost-profile", 1)
	head.put("schema", l.schema.Root.Name)
	head.put("fingerprint", fmt.Sprintf("%016x", l.schema.Fingerprint()))
	head.put("records", l.records)
	if keep {
		head.put("values", "kept")
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{%s,\n\"fields\": {\n%s\n}}\n", strings.Join(head.members, ", "), strings.Join(w.fields, ",\n"))
	return b.Bytes(), w.err
}

// An object is a JSON object, whose members stay in order.
type object struct {
	members []string
	err     error
}

func (o *object) put(key string, v any) {
	text, err := marshal(v)
	o.err = cmp.Or(o.err, err)
	o.members = append(o.members, fmt.Sprintf("%q: %s", key, text))
}

// join puts the members of another object into o.
func (o *object) join(other *object) {
	o.members, o.err = append(o.members, other.members...), cmp.Or(o.err, other.err)
}

// MarshalJSON returns the object.
func (o *object) MarshalJSON() ([]byte, error) {
	return []byte("{" + strings.Join(o.members, ", ") + "}"), o.err
}

// marshal writes v as JSON that people can read: without escapes for HTML.
func marshal(v any) ([]byte, error) {
	if o, ok := v.(*object); ok {
		return o.MarshalJSON()
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// A writer writes the entries of a profile, in the order of the schema.
type writer struct {
	keep   bool
	fields []string
	err    error
}

func (w *writer) entry(path string, o *object) {
	if len(o.members) == 0 {
		return
	}
	text, err := o.MarshalJSON()
	w.err = cmp.Or(w.err, err)
	name, err := marshal(path)
	w.err = cmp.Or(w.err, err)
	w.fields = append(w.fields, fmt.Sprintf("  %s: %s", name, text))
}

// node writes the entries of n and of what is in it.
func (w *writer) node(n *node) {
	var o object
	w.describe(&o, n)
	w.entry(n.path, &o)
	w.parts(n)
}

// parts writes the entries of what is in n.
func (w *writer) parts(n *node) {
	if n.keys != nil && total(n.keys.strata) > 0 {
		var o object
		w.text(&o, n.keys)
		w.entry(n.path+"{k}", &o)
	}
	for _, part := range n.inner {
		switch {
		case part == nil:
		case n.typ.Kind == schemas.Union && !n.typ.Node.Many(): // whose entry is the branch's, too
			w.parts(part)
		default:
			w.node(part)
		}
	}
}

// describe puts what is known of the values of n into o.
func (w *writer) describe(o *object, n *node) {
	switch n.typ.Kind {
	case schemas.Union:
		w.union(o, n)
	case schemas.Boolean:
		o.put("true", share(n.trues, n.count))
	case schemas.Enum:
		o.put("weights", weights(n.symbols))
	case schemas.Int, schemas.Long:
		w.integers(o, n)
	case schemas.Float, schemas.Double:
		w.floats(o, n)
	case schemas.String:
		if n.typ.Node.Logical == schemas.UUID {
			w.uuid(o, n.texts)
		} else {
			w.text(o, n.texts)
		}
	case schemas.Array, schemas.Map, schemas.Bytes, schemas.Fixed:
		w.sized(o, n)
	}
}

func (w *writer) union(o *object, n *node) {
	if n.typ.Null >= 0 {
		o.put("null", share(n.nulls, n.count))
	}
	if n.nulls == n.count {
		return
	}
	var counts []uint64
	for i, part := range n.inner {
		switch {
		case i == n.typ.Null:
		case part == nil:
			counts = append(counts, 0)
		default:
			counts = append(counts, part.count)
			if !n.typ.Node.Many() {
				w.describe(o, part)
			}
		}
	}
	if n.typ.Node.Many() && sum(counts) > 0 {
		o.put("branches", weights(counts))
	}
}

// share returns the odds of k out of n.
func share(k, n uint64) float64 { return math.Round(float64(k)/float64(n)*1e9) / 1e9 }

func sum(counts []uint64) uint64 {
	s := uint64(0)
	for _, n := range counts {
		s += n
	}
	return s
}

// mostWeight is the largest sum of weights that we write, and below what a profile takes.
const mostWeight = 1 << 31

// weights returns counts as weights: halved until they are as small as a profile takes, but not to nothing.
func weights(counts []uint64) []uint64 {
	out := append([]uint64{}, counts...)
	for sum(out) > mostWeight {
		for i, n := range out {
			out[i] = (n + 1) / 2
		}
	}
	return out
}

// binsOf returns bins as a profile has them, none of whose values is outside of lo to hi.
func binsOf[T int64 | float64](bins []bin[T], lo, hi T) []any {
	var counts []uint64
	for _, b := range bins {
		counts = append(counts, b.count)
	}
	out := make([]any, len(bins))
	for i, w := range weights(counts) {
		out[i] = []any{w, min(max(bins[i].lo, lo), hi), min(max(bins[i].hi, lo), hi)}
	}
	return out
}

// mostLength is the largest length and size that profiles have.
const mostLength = 1 << 24

// length returns a number spec of lengths.
func length(h *histogram) any {
	bins := fold(h.bins())
	if len(bins) == 1 && bins[0].lo == bins[0].hi {
		return bins[0].lo
	}
	var o object
	o.put("bins", binsOf(bins, 0, mostLength))
	return &o
}

// sized describes bytes, arrays and maps.
func (w *writer) sized(o *object, n *node) {
	switch kind := n.typ.Kind; {
	case n.ints != nil:
		most := int64(math.MaxInt64)
		if p := n.typ.Node.Precision; p <= 18 {
			most = int64(math.Pow10(p)) - 1
		}
		o.put("bins", binsOf(fold(n.ints.bins.bins()), -most, most))
	case kind == schemas.Bytes:
		o.put("len", length(n.sizes))
	case kind != schemas.Fixed:
		o.put("size", length(n.sizes))
	}
}

// pick describes which of the distinct values there is how often.
func pick[K comparable](o *object, r ranking[K], first []K) {
	var p object
	p.put("n", r.n)
	if len(r.top) > 0 {
		counts := weights(append(append([]uint64{}, r.count...), r.rest))
		p.put("ranks", counts[:len(r.top)])
		if r.rest > 0 {
			p.put("rest", counts[len(r.top)])
		}
	}
	o.put("pick", &p)
	if len(first) > 0 {
		o.put("first", first)
	}
}

// dice are those that stand-ins are drawn from.
func dice() *records.Dice { return records.NewDice("learn") }

// standIns returns a stand-in for each of top, of which no two are the same if that can be.
func standIns[K comparable](top []K, draw func(K) K) []K {
	const tries = 8
	out, seen := make([]K, len(top)), map[K]bool{}
	for i, x := range top {
		for range tries {
			if out[i] = draw(x); !seen[out[i]] {
				break
			}
		}
		seen[out[i]] = true
	}
	return out
}

func (w *writer) integers(o *object, n *node) {
	if w.time(o, n) {
		return
	}
	lo, hi := span(n)
	bins := n.ints.bins
	if r, ok := n.ints.values.ranking(func(a, b int64) int { return cmp.Compare(a, b) }); ok {
		first := r.top
		if !w.keep {
			d := dice()
			first = standIns(r.top, func(v int64) int64 {
				from, to := ends(binOf(v))
				return min(max(d.Between(from, to), lo), hi)
			})
		}
		pick(o, r, first)
		if r.n == uint64(len(r.top)) {
			return
		}
		bins = n.ints.without(r.top)
	}
	o.put("bins", binsOf(fold(bins.bins()), lo, hi))
}

// span returns the values that integers of n may have.
func span(n *node) (lo, hi int64) {
	switch node := n.typ.Node; {
	case node.Logical == schemas.TimeMillis:
		return 0, 24*60*60*1000 - 1
	case node.Logical == schemas.TimeMicros:
		return 0, 24*60*60*1e6 - 1
	case node.Kind == schemas.Long:
		return math.MinInt64, math.MaxInt64
	}
	return math.MinInt32, math.MaxInt32
}

// time describes values that are times, and reports whether they are.
func (w *writer) time(o *object, n *node) bool {
	s := n.ints.steps
	if s == nil {
		return false
	}
	unit, per := s.unit()
	switch n.typ.Node.Logical {
	case schemas.NoLogical:
		if per == 0 || !s.rising() {
			return false
		}
	case schemas.TimeMicros:
		return false
	default:
		if per == 0 {
			return false
		}
	}
	hour := per * 60 * 60
	start := s.first
	num, den := s.mean()
	var add object
	if !s.rising() { // in no order: anywhere between the least and the largest
		start, num, den = s.least, 0, 1
		add.put("min", 0)
		add.put("max", (s.most-s.least)/hour*hour+hour)
	}
	var t object
	t.put("start", start/hour*hour)
	t.put("unit", unit)
	t.put("num", num)
	t.put("den", den)
	if len(add.members) > 0 {
		t.put("add", &add)
	}
	o.put("time", &t)
	return true
}

func (w *writer) floats(o *object, n *node) {
	f := n.floats
	if r, ok := f.values.ranking(compare); ok {
		first := r.top
		if !w.keep {
			d := dice()
			first = standIns(r.top, func(v float64) float64 { return f.standIn(d, v) })
		}
		pick(o, r, first)
		if r.n == uint64(len(r.top)) {
			return
		}
		rest := f.without(r.top)
		f = &rest
	}
	var alt []any
	strata := f.rounded()
	for _, s := range strata {
		var st object
		if s.count == 0 {
			continue // nothing but what is no number
		}
		s.describe(&st, f.single)
		if len(strata) == 1 {
			o.join(&st)
			return
		}
		alt = append(alt, []any{s.count, &st})
	}
	if len(alt) > 0 {
		o.put("alt", alt)
	}
}

// describe puts bins and decimals into o.
func (s *roundedStratum) describe(o *object, single bool) {
	most := math.MaxFloat64
	if single {
		most = math.MaxFloat32
	}
	o.put("bins", binsOf(fold(s.bins.bins()), -most, most))
	if s.decimals <= mostDecimals {
		o.put("scale", s.decimals)
	}
}

// uuid describes texts whose form is known.
func (w *writer) uuid(o *object, t *texts) {
	if r, ok := t.values.ranking(strings.Compare); ok {
		var first []string
		if w.keep {
			first = r.top
		}
		pick(o, r, first)
		if w.keep && r.n == uint64(len(r.top)) {
			return
		}
	}
	o.put("uuid", true)
}

func (w *writer) text(o *object, t *texts) {
	strata := t.strata
	if r, ok := t.values.ranking(strings.Compare); ok {
		first := r.top
		if !w.keep {
			d := dice()
			first = standIns(r.top, func(s string) string { return standIn(d, s) })
		}
		pick(o, r, first)
		if r.n == uint64(len(r.top)) {
			return
		}
		strata = t.without(r.top)
	}
	var alt []any
	for _, s := range foldStrata(strata[:]) {
		var st object
		s.describe(&st)
		alt = append(alt, []any{s.count, &st})
		if s.count == total(strata) { // all of them
			o.join(&st)
			return
		}
	}
	o.put("alt", alt)
}

// total returns how many texts there are in strata.
func total(strata [utf8.UTFMax]stratum) uint64 {
	n := uint64(0)
	for _, s := range strata {
		n += s.count
	}
	return n
}

// foldStrata returns the strata that there are; one of fewer texts than a profile shows is joined with another.
func foldStrata(strata []stratum) []stratum {
	var out []stratum
	few := uint64(0)
	largest := stratum{}
	for _, s := range strata {
		if s.count > largest.count {
			largest = s
		}
		if s.count >= least {
			out = append(out, s)
		} else {
			few += s.count
		}
	}
	if len(out) == 0 {
		out, few = append(out, largest), few-largest.count
	}
	out[0].count += few
	return out
}

// describe puts lengths and characters into o.
func (s *stratum) describe(o *object) {
	o.put("len", length(&s.lengths))
	var mix []any
	for class, n := range weights(s.chars[:]) {
		if n >= least {
			mix = append(mix, []any{classNames[class], n})
		}
	}
	switch len(mix) {
	case 0:
	case 1:
		o.put("chars", mix[0].([]any)[0])
	default:
		var chars object
		chars.put("mix", mix)
		o.put("chars", &chars)
	}
}
