package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// The dialect is the annotation language of confluentinc/avro-random-generator (commit
// f83f891c126aed54de892670cd7efbf6fb2c13a9): its distributions, not its random numbers.

// ignored are sibling attributes of the original that say nothing of a value alone.
var ignored = []string{"format_as_time", "session", "session-sibling-int-hash"}

func readArgs(args json.RawMessage) (*profile, error) {
	if args == nil {
		return nil, nil
	}
	p, err := readProfile(args)
	if err != nil {
		return nil, fmt.Errorf("arg.properties: %w", err)
	}
	for _, key := range ignored {
		p.take(key)
	}
	return p, nil
}

// dialectScalar compiles a scalar with arg.properties, or with none in a schema that has some elsewhere.
func (c *compiler) dialectScalar(p place, args json.RawMessage) (rule, error) {
	a, err := readArgs(args)
	if err != nil {
		return nil, err
	}
	r, err := c.dialectRule(p, a)
	if err != nil {
		return nil, fmt.Errorf("arg.properties: %w", err)
	}
	return r, nil
}

func (c *compiler) dialectRule(p place, a *profile) (rule, error) {
	if a.has("options") {
		return c.options(p, a)
	}
	if a.has("iteration") {
		if a.any("length", "regex", "range") {
			return nil, errors.New("iteration leaves no use for length, regex and range")
		}
		return iteration(p, a)
	}
	switch p.node.Kind {
	case schemas.Boolean:
		return dialectBoolean(a)
	case schemas.Int, schemas.Long:
		return dialectInteger(p, a)
	case schemas.Float, schemas.Double:
		return dialectFloat(p, a)
	case schemas.String:
		return c.dialectString(a)
	case schemas.Enum:
		return enum(p, nil)
	}
	if p.node.Logical == schemas.Decimal {
		return dialectDecimal(p), nil
	}
	return c.dialectBytes(p, a)
}

// options compiles a uniform choice among literals, or among those of a file.
func (c *compiler) options(p place, a *profile) (rule, error) {
	if a.any("length", "regex", "iteration", "range") {
		return nil, errors.New("options leaves no use for length, regex, iteration and range")
	}
	sets, err := c.optionSets(p, a.take("options"))
	if err != nil {
		return nil, fmt.Errorf("options: %w", err)
	}
	n := uint64(len(sets))
	return func(_ *Generator, st *stream, _ scope, _ env, r access.Ref) { sets[st.below(n)](r) }, nil
}

func (c *compiler) optionSets(p place, raw json.RawMessage) ([]func(access.Ref), error) {
	var items []json.RawMessage
	var err error
	place := literal
	if raw[0] == '{' {
		items, place, err = c.optionFile(p.typ, raw)
	} else {
		items, err = list(raw)
	}
	if err == nil && len(items) == 0 {
		err = errors.New("there is none")
	}
	if err != nil {
		return nil, err
	}
	sets, sum := make([]func(access.Ref), len(items)), 0.0
	for i, item := range items {
		if sets[i], err = place(p.typ, item); err != nil {
			return nil, err
		}
		sum += literalBytes(p.node, item)
	}
	c.add(sum / float64(len(items)))
	return sets, nil
}

// A placing compiles a value as JSON to what puts it at a place.
type placing = func(*access.Type, json.RawMessage) (func(access.Ref), error)

// optionFile reads options of type t from a file: JSON, one literal a line or an array, or Avro binary, back to back.
func (c *compiler) optionFile(t *access.Type, raw json.RawMessage) ([]json.RawMessage, placing, error) {
	var from struct{ File, Encoding string }
	if err := json.Unmarshal(raw, &from); err != nil || from.File == "" {
		return nil, nil, fmt.Errorf("%.60s: want {\"file\", \"encoding\"}", raw)
	}
	text, err := c.files.read(from.File)
	if err != nil {
		return nil, nil, err
	}
	var items []json.RawMessage
	place := literal
	switch from.Encoding {
	case "json":
		items, err = jsonOptions(text)
	case "binary":
		place = tagged
		items, err = binaryOptions(t, text)
	default:
		return nil, nil, fmt.Errorf("encoding %q: there are json and binary", from.Encoding)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", from.File, err)
	}
	return items, place, err
}

// binaryOptions returns the values of type t that lie back to back in file, in Avro's JSON encoding.
func binaryOptions(t *access.Type, file []byte) ([]json.RawMessage, error) {
	var items []json.RawMessage
	for rest := file; len(rest) > 0; {
		v := t.Alloc()
		after, err := access.ReadAvro(t, rest, v)
		var item []byte
		if err == nil && len(after) == len(rest) {
			err = errors.New("a value takes no bytes")
		}
		if err == nil {
			item, err = access.AppendJSON(nil, t, v)
		}
		if err != nil {
			return nil, fmt.Errorf("value %d, at byte %d: %w", len(items), len(file)-len(rest), err)
		}
		items, rest = append(items, item), after
	}
	return items, nil
}

func jsonOptions(text []byte) ([]json.RawMessage, error) {
	var items []json.RawMessage
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	for dec.More() {
		var item json.RawMessage
		if err := dec.Decode(&item); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	if len(items) == 1 && items[0][0] == '[' {
		return list(items[0])
	}
	return items, nil
}

// optionsOf compiles the options of a record, an array or a map, nil if there are none.
func (c *compiler) optionsOf(p place, args json.RawMessage) (filler, error) {
	a, err := readArgs(args)
	if err != nil || !a.has("options") {
		return nil, err
	}
	r, err := c.options(p, a)
	if err != nil {
		return nil, fmt.Errorf("arg.properties: %w", err)
	}
	key := hash(p.path)
	return func(g *Generator, s scope, e env, ref access.Ref) {
		st := s.stream(key)
		r(g, &st, s, e, ref)
	}, nil
}

func dialectBoolean(a *profile) (rule, error) {
	o := 0.5
	if raw := a.take("odds"); raw != nil {
		var err error
		if o, err = odds(raw); err != nil {
			return nil, fmt.Errorf("odds: %w", err)
		}
	}
	t := threshold(o)
	return func(_ *Generator, st *stream, _ scope, _ env, r access.Ref) { r.SetBool(st.event(t)) }, nil
}

// intRange reads range: min included, max excluded. A missing end is that of the type.
func intRange(raw json.RawMessage, sp span) (intDraw, error) {
	lo, hi := sp.lo, sp.hi
	if err := fields("range", raw, map[string]*int64{"min": &lo, "max": &hi}, nil); err != nil {
		return nil, fmt.Errorf("range: %w", err)
	}
	if lo >= hi {
		return nil, fmt.Errorf("range: min %d is not below max %d", lo, hi)
	}
	if err := errors.Join(sp.check(lo), sp.check(hi-1)); err != nil {
		return nil, fmt.Errorf("range: %w", err)
	}
	n := uint64(hi) - uint64(lo)
	return func(s *stream, _ env) int64 { return lo + int64(s.below(n)) }, nil
}

func dialectInteger(p place, a *profile) (rule, error) {
	draw := func(s *stream, _ env) int64 { return int64(s.next()) }
	if raw := a.take("range"); raw != nil {
		var err error
		if draw, err = intRange(raw, spanOf(p)); err != nil {
			return nil, err
		}
	} else if sp := spanOf(p); p.node.Kind == schemas.Int {
		draw = uniform(sp.lo, sp.hi)
	}
	if p.node.Kind == schemas.Int {
		return func(_ *Generator, st *stream, _ scope, e env, r access.Ref) { r.SetInt(int32(draw(st, e))) }, nil
	}
	return func(_ *Generator, st *stream, _ scope, e env, r access.Ref) { r.SetLong(draw(st, e)) }, nil
}

func dialectFloat(p place, a *profile) (rule, error) {
	lo, hi := 0.0, 1.0
	if raw := a.take("range"); raw != nil {
		var ends struct{ Min, Max *float64 }
		if err := json.Unmarshal(raw, &ends); err != nil {
			return nil, fmt.Errorf("range: %w", err)
		}
		most := mostOf(p.node.Kind)
		lo, hi = -most, most
		if ends.Min != nil {
			lo = *ends.Min
		}
		if ends.Max != nil {
			hi = *ends.Max
		}
		if lo >= hi {
			return nil, fmt.Errorf("range: min %v is not below max %v", lo, hi)
		}
		if lo < -most || hi > most {
			return nil, fmt.Errorf("range: %v or %v is not from %v to %v", lo, hi, -most, most)
		}
		if err := finite(lo, hi); err != nil {
			return nil, fmt.Errorf("range: %w", err)
		}
	}
	width := hi - lo
	if p.node.Kind == schemas.Float {
		return func(_ *Generator, st *stream, _ scope, _ env, r access.Ref) {
			r.SetFloat(float32(lo + float64(st.unit()*width)))
		}, nil
	}
	return func(_ *Generator, st *stream, _ scope, _ env, r access.Ref) {
		r.SetDouble(lo + float64(st.unit()*width))
	}, nil
}

// lengthOf reads length: exactly n, or min included and max excluded. Without it it is 8 to 15.
func lengthOf(raw json.RawMessage) (lo, hi int64, err error) {
	if raw == nil {
		return 8, 16, nil
	}
	if raw[0] != '{' {
		if lo, err = integer(raw); err == nil {
			err = spanLen.check(lo)
		}
		return lo, lo + 1, err
	}
	lo, hi = 0, -1
	if err := fields("range", raw, map[string]*int64{"min": &lo, "max": &hi}, nil); err != nil {
		return 0, 0, err
	}
	switch {
	case hi < 0:
		return lo, hi, errors.New("max is missing")
	case lo >= hi || lo < 0 || hi > spanLen.hi+1:
		return lo, hi, fmt.Errorf("min %d and max %d: want 0 <= min < max", lo, hi)
	}
	return lo, hi, nil
}

// dialectSize compiles the number of elements of an array or a map, and returns the largest.
func dialectSize(args json.RawMessage) (_ intDraw, largest float64, _ error) {
	a, err := readArgs(args)
	if err != nil {
		return nil, 0, err
	}
	lo, hi, err := lengthOf(a.take("length"))
	if err != nil {
		return nil, 0, fmt.Errorf("length: %w", err)
	}
	return uniform(lo, hi-1), float64(hi - 1), nil
}

// ascii7 is U+0000..U+007F.
var ascii7 = func() alphabet {
	a := runeRange(0, 0x7f)
	return a
}()

func (c *compiler) dialectString(a *profile) (rule, error) {
	t, err := c.dialectText(a)
	if err != nil {
		return nil, err
	}
	return func(g *Generator, st *stream, _ scope, e env, r access.Ref) {
		g.buf = g.buf[:0]
		t(g, st, e)
		r.SetText(string(g.buf))
	}, nil
}

// dialectText compiles regex or random text, between prefix and suffix.
func (c *compiler) dialectText(a *profile) (func(g *Generator, st *stream, e env), error) {
	prefix, suffix, err := affixes(a)
	if err != nil {
		return nil, err
	}
	body, err := c.dialectBody(a)
	if err != nil {
		return nil, err
	}
	c.add(float64(len(prefix) + len(suffix)))
	return func(g *Generator, st *stream, e env) {
		g.buf = append(g.buf, prefix...)
		body(g, st, e)
		g.buf = append(g.buf, suffix...)
	}, nil
}

// dialectBody compiles a text without prefix and suffix.
func (c *compiler) dialectBody(a *profile) (func(g *Generator, st *stream, e env), error) {
	length := a.take("length")
	lo, hi, err := lengthOf(length)
	if raw := a.take("regex"); raw != nil {
		if hi < 0 { // without a max
			hi, err = math.MaxInt32, nil
		}
		if err != nil {
			return nil, fmt.Errorf("length: %w", err)
		}
		return c.regexText(raw, int(lo), int(hi), length != nil)
	}
	if err != nil {
		return nil, fmt.Errorf("length: %w", err)
	}
	n, letters := uniform(lo, hi-1), ascii7.letters()
	c.add(float64(lo+hi-1) / 2)
	return func(g *Generator, st *stream, e env) { g.buf = letters(g.buf, st, g.room(int(n(st, e)))) }, nil
}

func affixes(a *profile) (prefix, suffix string, err error) {
	if raw := a.take("prefix"); raw != nil {
		if prefix, err = text(raw); err != nil {
			return "", "", fmt.Errorf("prefix: %w", err)
		}
	}
	if raw := a.take("suffix"); raw != nil {
		if suffix, err = text(raw); err != nil {
			return "", "", fmt.Errorf("suffix: %w", err)
		}
	}
	return prefix, suffix, nil
}

// dialectKeys compiles the keys of a map, and counts them: one random character unless said otherwise.
func (c *compiler) dialectKeys(path string, args json.RawMessage) (_ whole, possible float64, _ error) {
	key := hash(path)
	a, err := readArgs(args)
	if err != nil {
		return nil, 0, err
	}
	raw := a.take("keys")
	if raw == nil {
		letters := ascii7.letters()
		return func(g *Generator, s scope, _ env) (string, bool) {
			st := s.stream(key)
			g.buf = letters(g.buf, &st, 1)
			return "", false
		}, dialectTexts(nil), nil
	}
	k, err := readProfile(raw)
	if err != nil {
		return nil, 0, fmt.Errorf("keys: %w", err)
	}
	if options := k.take("options"); options != nil {
		var values []string
		if err := json.Unmarshal(options, &values); err != nil || len(values) == 0 {
			return nil, 0, errors.New("keys: options are texts")
		}
		c.add(float64(len(options)) / float64(len(values)))
		return func(_ *Generator, s scope, _ env) (string, bool) {
			st := s.stream(key)
			return values[st.below(uint64(len(values)))], true
		}, dialectTexts(raw), nil
	}
	t, err := c.dialectText(k)
	if err != nil {
		return nil, 0, fmt.Errorf("keys: %w", err)
	}
	return func(g *Generator, s scope, e env) (string, bool) {
		st := s.stream(key)
		t(g, &st, e)
		return "", false
	}, dialectTexts(raw), nil
}

func (c *compiler) dialectBytes(p place, a *profile) (rule, error) {
	if p.node.Kind == schemas.Fixed {
		size := p.node.Size
		return func(g *Generator, st *stream, _ scope, _ env, r access.Ref) {
			g.buf = randomBytes(g.buf[:0], st, size)
			setBytes(p.typ, r, g.buf)
		}, nil
	}
	lo, hi, err := lengthOf(a.take("length"))
	if err != nil {
		return nil, fmt.Errorf("length: %w", err)
	}
	n := uniform(lo, hi-1)
	c.add(float64(lo+hi-1) / 2)
	return func(g *Generator, st *stream, _ scope, e env, r access.Ref) {
		g.buf = randomBytes(g.buf[:0], st, g.room(int(n(st, e))))
		setBytes(p.typ, r, g.buf)
	}, nil
}

// dialectDecimal draws floor(draw * 10^precision / 2^64), negative if the top bit of the next draw is set.
func dialectDecimal(p place) rule {
	most := uint64(math.Pow10(min(p.node.Precision, 18)))
	return func(_ *Generator, st *stream, _ scope, _ env, r access.Ref) {
		v := int64(st.below(most))
		if st.next()>>63 == 1 {
			v = -v
		}
		setDecimal(p.typ, r, v)
	}
}

// iteration compiles values that step from one record to the next.
func iteration(p place, a *profile) (rule, error) {
	raw := a.take("iteration")
	switch p.node.Kind {
	case schemas.Int, schemas.Long, schemas.String:
		next, err := steps(raw, spanOf(p))
		if err != nil {
			return nil, fmt.Errorf("iteration: %w", err)
		}
		return integerSteps(p, a, next)
	case schemas.Float, schemas.Double:
		next, err := floatSteps(raw)
		if err != nil {
			return nil, fmt.Errorf("iteration: %w", err)
		}
		if p.node.Kind == schemas.Float {
			return func(_ *Generator, _ *stream, _ scope, e env, r access.Ref) { r.SetFloat(float32(next(e.n))) }, nil
		}
		return func(_ *Generator, _ *stream, _ scope, e env, r access.Ref) { r.SetDouble(next(e.n)) }, nil
	case schemas.Boolean:
		var it struct{ Start *bool }
		if err := json.Unmarshal(raw, &it); err != nil || it.Start == nil {
			return nil, errors.New("iteration: start is true or false")
		}
		return func(_ *Generator, _ *stream, _ scope, e env, r access.Ref) { r.SetBool(*it.Start != (e.n%2 == 1)) }, nil
	}
	return nil, fmt.Errorf("iteration is not for %s", p.node.Kind)
}

func integerSteps(p place, a *profile, next func(uint64) int64) (rule, error) {
	switch p.node.Kind {
	case schemas.Int:
		return func(_ *Generator, _ *stream, _ scope, e env, r access.Ref) { r.SetInt(int32(next(e.n))) }, nil
	case schemas.Long:
		return func(_ *Generator, _ *stream, _ scope, e env, r access.Ref) { r.SetLong(next(e.n)) }, nil
	}
	prefix, suffix, err := affixes(a)
	return func(_ *Generator, _ *stream, _ scope, e env, r access.Ref) {
		r.SetText(prefix + strconv.FormatInt(next(e.n), 10) + suffix)
	}, err
}

// steps returns the integers of an iteration: start + sign(step) * (|initial - start + k*step| mod |restart - start|).
func steps(raw json.RawMessage, sp span) (func(k uint64) int64, error) {
	const unset = math.MinInt64 + 1
	start, restart, step, initial := int64(unset), int64(unset), int64(unset), int64(unset)
	if err := fields("range", raw, map[string]*int64{"start": &start, "restart": &restart, "step": &step, "initial": &initial}, nil); err != nil {
		return nil, err
	}
	if start == unset {
		return nil, errors.New("start is missing")
	}
	if step == unset {
		step = 1
		if restart != unset && restart < start {
			step = -1
		}
	}
	if restart == unset {
		restart = sp.hi
		if step < 0 {
			restart = sp.lo
		}
	}
	if initial == unset {
		initial = start
	}
	switch {
	case step == 0:
		return nil, errors.New("step is 0")
	case start == restart:
		return nil, errors.New("start and restart are equal")
	case step > 0 != (restart > start):
		return nil, fmt.Errorf("step %d does not lead from start %d to restart %d", step, start, restart)
	}
	for _, v := range []int64{start, restart, initial} {
		if err := sp.check(v); err != nil {
			return nil, err
		}
	}
	width, up := uint64(restart)-uint64(start), step > 0
	if !up {
		width = -width
	}
	return func(k uint64) int64 {
		off := uint64(initial) - uint64(start) + k*uint64(step)
		if int64(off) < 0 {
			off = -off
		}
		if off %= width; up {
			return start + int64(off)
		}
		return start - int64(off)
	}, nil
}

func floatSteps(raw json.RawMessage) (func(k uint64) float64, error) {
	var it struct{ Start, Restart, Step, Initial *float64 }
	if err := json.Unmarshal(raw, &it); err != nil {
		return nil, err
	}
	if it.Start == nil {
		return nil, errors.New("start is missing")
	}
	start, step, initial := *it.Start, 1.0, *it.Start
	if it.Step != nil {
		step = *it.Step
	} else if it.Restart != nil && *it.Restart < start {
		step = -1
	}
	if it.Initial != nil {
		initial = *it.Initial
	}
	switch {
	case step == 0:
		return nil, errors.New("step is 0")
	case it.Restart != nil && *it.Restart == start:
		return nil, errors.New("start and restart are equal")
	case it.Restart != nil && step > 0 != (*it.Restart > start):
		return nil, errors.New("step does not lead from start to restart")
	}
	return func(k uint64) float64 {
		off := initial - start + float64(float64(k)*step)
		if it.Restart != nil {
			off = math.Mod(off, *it.Restart-start)
		}
		return start + off
	}, nil
}
