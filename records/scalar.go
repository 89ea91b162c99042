package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// scalar compiles the rule of a scalar: alt, const, top, and then that of its type.
func (c *compiler) scalar(p place, prof *profile, args json.RawMessage) (rule, error) {
	if prof == nil && (args != nil || c.dialect) {
		return c.dialectScalar(p, args)
	}
	if raw := prof.take("alt"); raw != nil {
		return c.alt(p, raw)
	}
	if err := exclusive(prof); err != nil {
		return nil, err
	}
	if prof.has("const") {
		f, err := c.constant(p.typ, prof)
		return func(g *Generator, _ *stream, s scope, e env, r access.Ref) { f(g, s, e, r) }, err
	}
	if !prof.has("top") {
		return c.byType(p, prof)
	}
	var sets []func(access.Ref)
	var sizes []float64
	choose, err := top(prof, func(raw json.RawMessage) error {
		set, err := literal(p.typ, raw)
		sets, sizes = append(sets, set), append(sizes, literalBytes(p.node, raw))
		return err
	})
	if err != nil {
		return nil, err
	}
	var rest rule
	size, err := c.weigh(func() error {
		rest, err = c.byType(p, prof)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.addEach(choose, append(sizes, size))
	return func(g *Generator, st *stream, s scope, e env, r access.Ref) {
		if k := choose.draw(st); k < len(sets) {
			sets[k](r)
			return
		}
		rest(g, st, s, e, r)
	}, nil
}

// exclusive checks that a profile says only once how its value is made.
func exclusive(prof *profile) error {
	makers := []string{"const", "uuid", "num", "parts"}
	if n := count(prof, makers...); n > 1 {
		return fmt.Errorf("at most one of const, uuid, num and parts")
	}
	sizes := append(append([]string{"len"}, numberSources...), shapeKeys...)
	if count(prof, makers...) == 1 && prof.any(sizes...) {
		return errors.New("const, uuid, num and parts leave no use for a length or a number")
	}
	if n := count(prof, numberSources...); n > 1 || n == 1 && prof.any("min", "max", "shape", "mean", "sd") {
		return errors.New("at most one of time, recent, index, bins, quantiles, and min, max and shape")
	}
	if prof.has("other") && !prof.has("top") {
		return errors.New("other needs top")
	}
	return nil
}

// alt compiles the choice among profiles that replace one.
func (c *compiler) alt(p place, raw json.RawMessage) (rule, error) {
	var rules []rule
	var sizes []float64
	choose, err := chosen(raw, "[weight, profile]", 0, func(raw json.RawMessage) error {
		prof, err := readProfile(raw)
		if err != nil {
			return err
		}
		if prof.any("null", "branches", "pick") {
			return errors.New("null, branches and pick are not allowed inside alt")
		}
		var r rule
		size, err := c.weigh(func() error {
			r, err = c.scalar(p, prof, nil)
			return err
		})
		if err == nil {
			err = prof.unknown(" for "+p.node.Kind.String(), func() []string { return keysOf(p.node, nil) })
		}
		rules, sizes = append(rules, r), append(sizes, size)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("alt: %w", err)
	}
	c.addEach(choose, sizes)
	return func(g *Generator, st *stream, s scope, e env, r access.Ref) { rules[choose.draw(st)](g, st, s, e, r) }, nil
}

// byType compiles the rule of p's type.
func (c *compiler) byType(p place, prof *profile) (rule, error) {
	switch p.node.Kind {
	case schemas.Boolean:
		return boolean(prof)
	case schemas.Int, schemas.Long:
		return integers(p, prof)
	case schemas.Float, schemas.Double:
		return floats(p, prof)
	case schemas.String:
		return c.strings(p, prof)
	case schemas.Enum:
		return enum(p, prof)
	}
	if p.node.Logical == schemas.Decimal {
		return decimal(p, prof)
	}
	return c.bytes(p, prof)
}

func boolean(prof *profile) (rule, error) {
	o := 0.5
	if raw := prof.take("true"); raw != nil {
		var err error
		if o, err = odds(raw); err != nil {
			return nil, fmt.Errorf("true: %w", err)
		}
	}
	t := threshold(o)
	return func(_ *Generator, st *stream, _ scope, _ env, r access.Ref) { r.SetBool(st.event(t)) }, nil
}

// spanOf returns the values that an integer type has in Avro, or in Java where a class narrows it.
func spanOf(p place) span {
	class := p.javaClass
	if class == "" {
		class = p.node.JavaClass
	}
	switch {
	case p.node.Kind == schemas.Long:
		return spanLong
	case class == "short":
		return span{math.MinInt16, math.MaxInt16}
	case class == "byte":
		return span{math.MinInt8, math.MaxInt8}
	}
	return spanInt
}

func integers(p place, prof *profile) (rule, error) {
	sp := spec{span: spanOf(p), unit: unitOf(p.node.Logical)}
	draw, err := sp.integerOr(p, prof)
	if err != nil {
		return nil, err
	}
	if p.node.Kind == schemas.Long {
		return func(_ *Generator, st *stream, _ scope, e env, r access.Ref) { r.SetLong(draw(st, e)) }, nil
	}
	return func(_ *Generator, st *stream, _ scope, e env, r access.Ref) { r.SetInt(int32(draw(st, e))) }, nil
}

// unitOf returns the unit of a time of a logical type.
func unitOf(l schemas.Logical) string {
	switch l {
	case schemas.TimestampMicros, schemas.LocalTimestampMicros, schemas.TimeMicros:
		return "us"
	case schemas.TimestampNanos, schemas.LocalTimestampNanos:
		return "ns"
	}
	return "ms"
}

// integerOr compiles prof, or the default of p's type if it says nothing of a number.
func (sp spec) integerOr(p place, prof *profile) (intDraw, error) {
	if prof.any(numberSources...) || prof.any(shapeKeys...) {
		return sp.integer(prof)
	}
	switch p.node.Logical {
	case schemas.Date:
		return uniform(18262, 20453), nil
	case schemas.TimeMillis:
		return uniform(0, 86399999), nil
	case schemas.TimeMicros:
		return uniform(0, 86399999999), nil
	case schemas.TimestampMillis, schemas.LocalTimestampMillis:
		return sp.time(json.RawMessage(`{"start": "2026-01-01T00:00:00Z"}`))
	case schemas.TimestampMicros, schemas.LocalTimestampMicros:
		return sp.time(json.RawMessage(`{"start": "2026-01-01T00:00:00Z", "num": 1000}`))
	case schemas.TimestampNanos, schemas.LocalTimestampNanos:
		return sp.time(json.RawMessage(`{"start": "2026-01-01T00:00:00Z", "num": 1000000}`))
	}
	most := int64(1e6)
	if p.node.Kind == schemas.Long {
		most = 1e12
	}
	return logInteger(0, min(most, sp.span.hi))
}

// mostOf returns the largest value of a floating type.
func mostOf(k schemas.Kind) float64 {
	if k == schemas.Float {
		return math.MaxFloat32
	}
	return math.MaxFloat64
}

func floats(p place, prof *profile) (rule, error) {
	draw, err := float(prof, mostOf(p.node.Kind))
	if err != nil {
		return nil, err
	}
	if p.node.Kind == schemas.Double {
		return func(_ *Generator, st *stream, _ scope, e env, r access.Ref) { r.SetDouble(draw(st, e)) }, nil
	}
	return func(_ *Generator, st *stream, _ scope, e env, r access.Ref) { r.SetFloat(float32(draw(st, e))) }, nil
}

func enum(p place, prof *profile) (rule, error) {
	symbols := p.node.Symbols
	raw := prof.take("weights")
	if raw == nil {
		n := uint64(len(symbols))
		return func(_ *Generator, st *stream, _ scope, _ env, r access.Ref) { r.SetText(symbols[st.below(n)]) }, nil
	}
	c, err := weightList(raw, len(symbols))
	if err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	return func(_ *Generator, st *stream, _ scope, _ env, r access.Ref) { r.SetText(symbols[c.draw(st)]) }, nil
}

func (c *compiler) strings(p place, prof *profile) (rule, error) {
	t, err := c.text(p.path, prof, p.node.Logical == schemas.UUID)
	if err != nil {
		return nil, err
	}
	return func(g *Generator, st *stream, s scope, e env, r access.Ref) {
		g.buf = g.buf[:0]
		t(g, st, s, e)
		r.SetText(string(g.buf))
	}, nil
}

// whole compiles the text at a path that is no field: a part or a map key.
func (c *compiler) whole(path string, prof *profile, isUUID bool) (whole, error) {
	var pk *picker
	var first []string
	if raw := prof.take("pick"); raw != nil {
		var err error
		if pk, err = c.pick(path, raw); err != nil {
			return nil, err
		}
		if raw := prof.take("first"); raw != nil {
			if err := json.Unmarshal(raw, &first); err != nil || uint64(len(first)) > pk.n {
				return nil, fmt.Errorf("first: %.60s: want at most %d texts", raw, pk.n)
			}
		}
	}
	w, err := c.unpickedText(path, prof, isUUID)
	if err != nil || pk == nil {
		return w, err
	}
	return func(g *Generator, s scope, e env) (string, bool) {
		x := pk.entity(s)
		if x < uint64(len(first)) {
			return first[x], true
		}
		s, e = pk.inside(g, x, e)
		return w(g, s, e)
	}, nil
}

func (c *compiler) unpickedText(path string, prof *profile, isUUID bool) (whole, error) {
	rules, err := c.textRule(path, prof, isUUID)
	key := hash(path)
	return func(g *Generator, s scope, e env) (string, bool) {
		st := s.stream(key)
		return rules(g, &st, s, e)
	}, err
}

// A textRule appends a text to g.buf, or returns it if it is a constant.
type textRule func(g *Generator, st *stream, s scope, e env) (string, bool)

func (c *compiler) textRule(path string, prof *profile, isUUID bool) (textRule, error) {
	if raw := prof.take("alt"); raw != nil {
		return c.textAlt(path, raw, isUUID)
	}
	if err := exclusive(prof); err != nil {
		return nil, err
	}
	if raw := prof.take("const"); raw != nil {
		v, err := text(raw)
		c.add(float64(len(v)))
		return func(*Generator, *stream, scope, env) (string, bool) { return v, true }, err
	}
	var values []string
	var sizes []float64
	choose := newChoice([]uint64{1})
	if prof.has("top") {
		var err error
		choose, err = top(prof, func(raw json.RawMessage) error {
			v, err := text(raw)
			values, sizes = append(values, v), append(sizes, float64(len(v)))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	var t texter
	size, err := c.weigh(func() (err error) {
		t, err = c.text(path, prof, isUUID)
		return err
	})
	c.addEach(choose, append(sizes, size))
	return func(g *Generator, st *stream, s scope, e env) (string, bool) {
		if len(values) > 0 {
			if k := choose.draw(st); k < len(values) {
				return values[k], true
			}
		}
		t(g, st, s, e)
		return "", false
	}, err
}

// textAlt compiles the choice among profiles that replace one.
func (c *compiler) textAlt(path string, raw json.RawMessage, isUUID bool) (textRule, error) {
	var rules []textRule
	var sizes []float64
	choose, err := chosen(raw, "[weight, profile]", 0, func(raw json.RawMessage) error {
		alt, err := readProfile(raw)
		if err != nil {
			return err
		}
		var r textRule
		size, err := c.weigh(func() error {
			r, err = c.textRule(path, alt, isUUID)
			return err
		})
		if err == nil {
			err = alt.unknown(" for string", textKeys)
		}
		rules, sizes = append(rules, r), append(sizes, size)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.addEach(choose, sizes)
	return func(g *Generator, st *stream, s scope, e env) (string, bool) {
		return rules[choose.draw(st)](g, st, s, e)
	}, nil
}

// bytes compiles bytes and fixed.
func (c *compiler) bytes(p place, prof *profile) (rule, error) {
	fixed := p.node.Kind == schemas.Fixed
	n := intDraw(uniform(8, 24))
	if fixed {
		size := int64(p.node.Size)
		n = func(*stream, env) int64 { return size }
	}
	if raw := prof.take("len"); raw != nil {
		if fixed {
			return nil, errors.New("len is not for fixed")
		}
		var err error
		if n, err = lengthSpec.value(raw); err != nil {
			return nil, fmt.Errorf("len: %w", err)
		}
	}
	if !fixed { // whose bytes are in the record
		c.add(meanOf(n))
	}
	fill := lettering(randomBytes)
	if raw := prof.take("chars"); raw != nil {
		var err error
		if fill, err = charsOf(raw); err != nil {
			return nil, err
		}
	}
	return func(g *Generator, st *stream, _ scope, e env, r access.Ref) {
		k := int(n(st, e))
		if !fixed {
			k = g.room(k)
		}
		g.buf = fill(g.buf[:0], st, k)
		setBytes(p.typ, r, g.buf)
	}, nil
}

// setBytes copies b into bytes, or as far as it goes into a fixed.
func setBytes(t *access.Type, r access.Ref, b []byte) {
	if t.Kind == schemas.Fixed {
		copy(r.Fixed(t.Node.Size), b)
		return
	}
	r.SetBytes(append(make([]byte, 0, len(b)), b...))
}

// randomBytes gives 8 bytes a draw, the low one first.
func randomBytes(dst []byte, s *stream, n int) []byte {
	for n > 0 {
		x := s.next()
		k := min(n, 8)
		for range k {
			dst, x = append(dst, byte(x)), x>>8
		}
		n -= k
	}
	return dst
}

// decimal compiles a decimal by its unscaled value.
func decimal(p place, prof *profile) (rule, error) {
	most := int64(math.Pow10(min(p.node.Precision, 18))) - 1
	sp := spec{span: span{-most, most}, unit: "ms"}
	if p.node.Precision > 18 {
		sp.span = spanLong
	}
	draw, err := decimalDraw(sp, prof, most)
	if err != nil {
		return nil, err
	}
	return func(_ *Generator, st *stream, _ scope, e env, r access.Ref) { setDecimal(p.typ, r, draw(st, e)) }, nil
}

func decimalDraw(sp spec, prof *profile, most int64) (intDraw, error) {
	if prof.any(numberSources...) || prof.any(shapeKeys...) {
		return sp.integer(prof)
	}
	if most > 1<<52 {
		return wideLog(most), nil
	}
	return logInteger(0, most)
}

// wideLog is the log shape of a default whose range is over 2^52: log2 of it is still exact enough.
func wideLog(most int64) intDraw {
	n := uint64(most) + 2
	l := logSteps(float64(n))
	return func(s *stream, _ env) int64 {
		y := l * (s.next() >> 32)
		r := uint64(math.Floor(exp2frac(uint32(y>>20)) * float64(uint64(1)<<(y>>52))))
		return int64(min(r, n-1)) - 1
	}
}

// setDecimal writes v in two's complement: as few bytes as it takes, or sign-extended to a fixed.
func setDecimal(t *access.Type, r access.Ref, v int64) {
	var b [8]byte
	n := 8
	for i := range b {
		b[i] = byte(v >> (56 - 8*i))
	}
	for n > 1 && (b[8-n] == 0 && b[9-n] < 0x80 || b[8-n] == 0xff && b[9-n] >= 0x80) {
		n--
	}
	if t.Kind == schemas.Bytes {
		r.SetBytes(append(make([]byte, 0, n), b[8-n:]...))
		return
	}
	f := r.Fixed(t.Node.Size)
	for i := range f {
		f[i] = byte(v >> 63)
	}
	copy(f[max(0, len(f)-8):], b[max(0, 8-len(f)):])
}
