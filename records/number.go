package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/bits"
	"slices"
	"time"
)

// An env is what a value may depend on beside its stream: the number of the record, and the index number of the value,
// which is the record's, an element's or an entity's.
type env struct{ i, n uint64 }

// An intDraw draws an integer.
type intDraw func(s *stream, e env) int64

// A floatDraw draws a float.
type floatDraw func(s *stream, e env) float64

// numberKeys are the keys that say how a number is drawn; the first of the sources that is there decides.
var (
	numberSources = []string{"time", "recent", "index", "bins", "quantiles"}
	shapeKeys     = []string{"min", "max", "shape", "mean", "sd", "sum", "scale"}
)

// A span is the values that a type can have.
type span struct{ lo, hi int64 }

var (
	spanInt  = span{math.MinInt32, math.MaxInt32}
	spanLong = span{math.MinInt64, math.MaxInt64}
	spanLen  = span{0, 1 << 24}
)

func (s span) check(v int64) error {
	if v < s.lo || v > s.hi {
		return fmt.Errorf("%d is not from %d to %d", v, s.lo, s.hi)
	}
	return nil
}

// A spec compiles numbers.
type spec struct {
	span  span
	unit  string // of time: s, ms, us, ns
	usual int64  // of a length or a size: the largest if nobody says one, or twice the least; 0 for other numbers
}

// read reads a value of the span.
func (sp spec) read(raw json.RawMessage) (int64, error) {
	v, err := integer(raw)
	if err == nil {
		err = sp.span.check(v)
	}
	return v, err
}

// bounded reports whether all values that are drawn must be shown to be of the type: those of a length, a short or a byte
// go wrong where one is not, and others wrap.
func (sp spec) bounded() bool { return sp.span.hi < math.MaxInt32 }

// top returns what a missing max is.
func (sp spec) top(least int64) int64 {
	if sp.usual == 0 {
		return sp.span.hi
	}
	return min(max(sp.usual, 2*least), sp.span.hi)
}

// integer compiles the number keys of p.
func (sp spec) integer(p *profile) (intDraw, error) {
	switch {
	case sp.bounded() && p.any("time", "recent"):
		return nil, fmt.Errorf("time and recent have no largest value, and here all are from %d to %d", sp.span.lo, sp.span.hi)
	case p.has("time"):
		return sp.time(p.take("time"))
	case p.has("recent"):
		return recent(p.take("recent"))
	case p.has("index"):
		return sp.index(p.take("index"))
	case p.has("bins"):
		return sp.bins(p.take("bins"))
	}
	one, err := sp.summand(p)
	if err != nil {
		return nil, err
	}
	k := int64(1)
	if raw := p.take("sum"); raw != nil {
		if k, err = integer(raw); err != nil || k < 1 || k > 8 {
			return nil, fmt.Errorf("sum %s is not from 1 to 8", raw)
		}
		if err := sp.sumFits(p); err != nil {
			return nil, fmt.Errorf("sum: %w", err)
		}
	}
	if k == 1 {
		return one, nil
	}
	return func(s *stream, e env) int64 {
		v := int64(0)
		for range k {
			v += one(s, e)
		}
		return v
	}, nil
}

// sumFits checks that the sums of p, whose summands have compiled, are of the type. Longs wrap.
func (sp spec) sumFits(p *profile) error {
	e := numberExtent(p, sp)
	for _, end := range []float64{e.lo, e.hi} {
		if sp.span != spanLong && (end < float64(sp.span.lo) || end > float64(sp.span.hi)) {
			return fmt.Errorf("%.0f is not from %d to %d", end, sp.span.lo, sp.span.hi)
		}
	}
	return nil
}

// summand compiles the shapes that sum may add up.
func (sp spec) summand(p *profile) (intDraw, error) {
	if p.has("quantiles") {
		return sp.quantiles(p.take("quantiles"))
	}
	shape, err := shapeOf(p)
	if err != nil {
		return nil, err
	}
	if shape == "normal" {
		sp.usual = 0 // what is missing cuts nothing off
		return sp.normal(p)
	}
	lo, hi, err := sp.ends(p)
	if err != nil {
		return nil, err
	}
	if shape == "log" {
		return logInteger(lo, hi)
	}
	return uniform(lo, hi), nil
}

func shapeOf(p *profile) (string, error) {
	raw := p.take("shape")
	if raw == nil {
		return "uniform", nil
	}
	s, err := text(raw)
	if err == nil && s != "uniform" && s != "log" && s != "normal" {
		err = fmt.Errorf("shape %q: there are uniform, log and normal", s)
	}
	return s, err
}

// ends reads min and max; a missing one is that of the type.
func (sp spec) ends(p *profile) (lo, hi int64, err error) {
	lo = sp.span.lo
	if raw := p.take("min"); raw != nil {
		if lo, err = sp.read(raw); err != nil {
			return 0, 0, fmt.Errorf("min: %w", err)
		}
	}
	hi = sp.top(lo)
	if raw := p.take("max"); raw != nil {
		if hi, err = sp.read(raw); err != nil {
			return 0, 0, fmt.Errorf("max: %w", err)
		}
	}
	if lo > hi {
		return 0, 0, fmt.Errorf("min %d is above max %d", lo, hi)
	}
	return lo, hi, nil
}

func uniform(lo, hi int64) intDraw {
	n := uint64(hi) - uint64(lo) + 1 // 0 stands for 2^64
	if n == 0 {
		return func(s *stream, _ env) int64 { return int64(s.next()) }
	}
	return func(s *stream, _ env) int64 { return lo + int64(s.below(n)) }
}

// logInteger draws log-uniformly.
func logInteger(lo, hi int64) (intDraw, error) {
	if uint64(hi)-uint64(lo) > 1<<52 {
		return nil, errors.New("the range of shape log is over 2^52")
	}
	n := uint64(hi) - uint64(lo) + 2
	l := logSteps(float64(n))
	return func(s *stream, _ env) int64 {
		y := l * (s.next() >> 32)
		r := uint64(math.Floor(exp2frac(uint32(y>>20)) * float64(uint64(1)<<(y>>52))))
		return lo + int64(min(r, n-1)) - 1
	}, nil
}

// logSteps returns log2(v) in steps of 2^-20, which hide the last bits, where machines differ.
func logSteps(v float64) uint64 { return uint64(math.Round(math.Log2(v) * (1 << 20))) }

// bell returns a number that is nearly normal, from sixteen bits of eight lanes.
func bell(s *stream) float64 {
	t := uint64(0)
	for range 2 {
		for x := s.next(); x != 0; x >>= 16 {
			t += x & 0xffff
		}
	}
	return (float64(t) - 262140) / 53509.92
}

func meanAndSD(p *profile) (mean, sd float64, err error) {
	if !p.has("mean") || !p.has("sd") {
		return 0, 0, errors.New("shape normal needs mean and sd")
	}
	if mean, err = number(p.take("mean")); err != nil {
		return 0, 0, err
	}
	if sd, err = number(p.take("sd")); err == nil && sd < 0 {
		err = errors.New("sd is negative")
	}
	return mean, sd, err
}

func (sp spec) normal(p *profile) (intDraw, error) {
	mean, sd, err := meanAndSD(p)
	if err != nil {
		return nil, err
	}
	lo, hi, err := sp.ends(p)
	if err != nil {
		return nil, err
	}
	return func(s *stream, _ env) int64 {
		v := math.Round(mean + float64(sd*bell(s)))
		if v <= float64(lo) {
			return lo
		}
		if v >= float64(hi) {
			return hi
		}
		return int64(v)
	}, nil
}

func (sp spec) bins(raw json.RawMessage) (intDraw, error) {
	c, ends, err := binsOf(raw, sp.read)
	if err != nil {
		return nil, err
	}
	draws := make([]intDraw, len(ends))
	for i, e := range ends {
		draws[i] = uniform(e[0], e[1])
	}
	return func(s *stream, e env) int64 { return draws[c.draw(s)](s, e) }, nil
}

// binsOf reads [[weight, lo, hi]…], of numbers that read reads.
func binsOf[T int64 | float64](raw json.RawMessage, read func(json.RawMessage) (T, error)) (choice, [][2]T, error) {
	items, err := list(raw)
	if err != nil {
		return nil, nil, err
	}
	ws, ends := make([]uint64, len(items)), make([][2]T, len(items))
	for i, item := range items {
		parts, err := list(item)
		if err != nil || len(parts) != 3 {
			return nil, nil, fmt.Errorf("bin %s is not [weight, lo, hi]", item)
		}
		if ws[i], err = weight(parts[0]); err != nil {
			return nil, nil, err
		}
		lo, err1 := read(parts[1])
		hi, err2 := read(parts[2])
		if err := errors.Join(err1, err2); err != nil {
			return nil, nil, err
		}
		if lo > hi {
			return nil, nil, fmt.Errorf("bin %s: lo is above hi", item)
		}
		ends[i] = [2]T{lo, hi}
	}
	c, err := weights(ws, -1)
	return c, ends, err
}

// ascending reads quantiles, numbers that read reads.
func ascending[T int64 | float64](raw json.RawMessage, read func(json.RawMessage) (T, error)) ([]T, error) {
	items, err := list(raw)
	if err != nil {
		return nil, err
	}
	if len(items) < 2 {
		return nil, errors.New("quantiles need two ends")
	}
	q := make([]T, len(items))
	for i, item := range items {
		if q[i], err = read(item); err != nil {
			return nil, err
		}
		if i > 0 && q[i] < q[i-1] {
			return nil, errors.New("the quantiles are not ascending")
		}
	}
	return q, nil
}

func (sp spec) quantiles(raw json.RawMessage) (intDraw, error) {
	q, err := ascending(raw, sp.read)
	if err != nil {
		return nil, err
	}
	k := uint64(len(q) - 1)
	return func(s *stream, _ env) int64 {
		h, l := bits.Mul64(s.next(), k)
		width := uint64(q[h+1]) - uint64(q[h])
		if h == k-1 {
			width++
		}
		return q[h] + int64(hi(l, width))
	}, nil
}

// fields reads the object of key in: integers with defaults; the values of its other keys go to rest.
func fields(in string, raw json.RawMessage, into map[string]*int64, rest func(key string, raw json.RawMessage) error) error {
	p, err := readProfile(raw)
	if err != nil {
		return err
	}
	for _, key := range p.left() {
		v := p.take(key)
		if to := into[key]; to != nil {
			if *to, err = integer(v); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
			continue
		}
		if names := keysIn(in, ""); !slices.Contains(names, key) {
			return unknownKey(key, "", append(names, slices.Collect(maps.Keys(into))...))
		}
		if err := rest(key, v); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// scaled returns floor(i * num / den).
func scaled(i, num, den uint64) uint64 {
	h, l := bits.Mul64(i, num)
	if h >= den {
		h %= den // the result is modulo 2^64, as all arithmetic
	}
	q, _ := bits.Div64(h, l, den)
	return q
}

func recent(raw json.RawMessage) (intDraw, error) {
	start, num, den, group, offset, back, ahead := int64(0), int64(1), int64(1), int64(1), int64(0), int64(0), int64(0)
	hot := 0.0
	err := fields("recent", raw, map[string]*int64{"start": &start, "num": &num, "den": &den, "group": &group, "offset": &offset, "back": &back, "ahead": &ahead},
		func(_ string, raw json.RawMessage) (err error) {
			hot, err = odds(raw)
			return err
		})
	switch {
	case err != nil:
		return nil, fmt.Errorf("recent: %w", err)
	case den < 1 || group < 1:
		return nil, errors.New("recent: den and group are at least 1")
	case num < 0 || back < 0 || ahead < 0:
		return nil, errors.New("recent: num, back and ahead are not negative")
	}
	t := threshold(hot)
	return func(s *stream, e env) int64 {
		last := int64(scaled(e.i, uint64(num), uint64(den)))
		if s.event(t) {
			return start + last - last%group + offset
		}
		lo := max(0, last-back)
		return start + lo + int64(s.below(uint64(last-lo+1+ahead)))
	}, nil
}

// indexFits checks that the values of an index, as far as they have ends, are of the type.
func (sp spec) indexFits(start, step, mod int64) error {
	if err := sp.span.check(start); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	switch {
	case step == 0 || sp.span == spanLong:
		return nil
	case mod > 0:
		if math.Abs(float64(step)*float64(mod-1)) > 1<<40 {
			return fmt.Errorf("step %d times mod %d leads outside the type", step, mod)
		}
		if err := sp.span.check(start + step*(mod-1)); err != nil {
			return fmt.Errorf("the last value: %w", err)
		}
	case sp.bounded():
		return fmt.Errorf("it has no largest value without mod, and here all are from %d to %d", sp.span.lo, sp.span.hi)
	}
	return nil
}

func (sp spec) index(raw json.RawMessage) (intDraw, error) {
	start, step, every, mod := int64(0), int64(1), int64(1), int64(0)
	err := fields("index", raw, map[string]*int64{"start": &start, "step": &step, "every": &every, "mod": &mod}, nil)
	switch {
	case err != nil:
		return nil, fmt.Errorf("index: %w", err)
	case every < 1 || mod < 0:
		return nil, errors.New("index: every is at least 1, mod not negative")
	}
	if err := sp.indexFits(start, step, mod); err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	return func(_ *stream, e env) int64 {
		k := e.n / uint64(every)
		if mod > 0 {
			k %= uint64(mod)
		}
		return start + step*int64(k)
	}, nil
}

// nanosOf is the length of a unit of time.
var nanosOf = map[string]int64{"s": 1e9, "ms": 1e6, "us": 1e3, "ns": 1}

func (sp spec) time(raw json.RawMessage) (intDraw, error) {
	num, den := int64(1), int64(1)
	unit := sp.unit
	var startRaw, addRaw, lateRaw json.RawMessage
	err := fields("time", raw, map[string]*int64{"num": &num, "den": &den}, func(key string, raw json.RawMessage) (err error) {
		switch key {
		case "start":
			startRaw = raw
		case "add":
			addRaw = raw
		case "late":
			lateRaw = raw
		case "unit":
			unit, err = text(raw)
		}
		return err
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("time: %w", err)
	case nanosOf[unit] == 0:
		return nil, fmt.Errorf("time: unit %q: there are s, ms, us and ns", unit)
	case den < 1 || num < 0:
		return nil, errors.New("time: den is at least 1, num not negative")
	}
	start, err := startOf(startRaw, unit)
	if err != nil {
		return nil, err
	}
	draw := func(s *stream, e env) int64 { return start + int64(scaled(e.i, uint64(num), uint64(den))) }
	if addRaw != nil {
		add, err := spec{span: spanLong, unit: "ms"}.value(addRaw)
		if err != nil {
			return nil, fmt.Errorf("time: add: %w", err)
		}
		base := draw
		draw = func(s *stream, e env) int64 { return base(s, e) + add(s, e) }
	}
	if lateRaw != nil {
		return late(draw, lateRaw)
	}
	return draw, nil
}

func late(draw intDraw, raw json.RawMessage) (intDraw, error) {
	most, p := int64(0), 0.0
	err := fields("late", raw, map[string]*int64{"max": &most}, func(_ string, raw json.RawMessage) (err error) {
		p, err = odds(raw)
		return err
	})
	if err == nil && most < 1 {
		err = errors.New("max is at least 1")
	}
	if err != nil {
		return nil, fmt.Errorf("time: late: %w", err)
	}
	t := threshold(p)
	return func(s *stream, e env) int64 {
		v := draw(s, e)
		if s.event(t) {
			v -= 1 + int64(s.below(uint64(most)))
		}
		return v
	}, nil
}

func startOf(raw json.RawMessage, unit string) (int64, error) {
	if raw == nil {
		return 0, nil
	}
	if raw[0] != '"' {
		v, err := integer(raw)
		if err != nil {
			return 0, fmt.Errorf("time: start: %w", err)
		}
		return v, nil
	}
	s, err := text(raw)
	if err != nil {
		return 0, err
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return 0, fmt.Errorf("time: start %q is no RFC 3339 time", s)
	}
	per := 1e9 / nanosOf[unit]
	if s := at.Unix(); s > math.MaxInt64/per-1 || s < math.MinInt64/per+1 {
		return 0, fmt.Errorf("time: start %s is too far from 1970 for 64 bits of %s", raw, unit)
	}
	return at.Unix()*per + int64(at.Nanosecond())/nanosOf[unit], nil
}

// value compiles a number spec: an integer, or an object with number keys or top and other.
func (sp spec) value(raw json.RawMessage) (intDraw, error) {
	if raw[0] != '{' {
		v, err := sp.read(raw)
		return func(*stream, env) int64 { return v }, err
	}
	p, err := readProfile(raw)
	if err != nil {
		return nil, err
	}
	draw, err := sp.topped(p)
	if err != nil {
		return nil, err
	}
	return draw, p.unknown("", func() []string { return keysIn("", "long") })
}

// topped compiles an integer profile with top and other.
func (sp spec) topped(p *profile) (intDraw, error) {
	if !p.has("top") {
		return sp.integer(p)
	}
	var values []int64
	c, err := top(p, func(raw json.RawMessage) error {
		v, err := sp.read(raw)
		values = append(values, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	rest, err := sp.integer(p)
	if err != nil {
		return nil, err
	}
	return func(s *stream, e env) int64 {
		if k := c.draw(s); k < len(values) {
			return values[k]
		}
		return rest(s, e)
	}, nil
}

// top reads top and other: a choice among the values, which literal takes one by one, and behind them the rest.
func top(p *profile, literal func(json.RawMessage) error) (choice, error) {
	ws, err := pairs(p.take("top"), "[value, weight]", 1, literal)
	if err != nil {
		return nil, fmt.Errorf("top: %w", err)
	}
	other := uint64(0)
	if raw := p.take("other"); raw != nil {
		if other, err = weight(raw); err != nil {
			return nil, fmt.Errorf("other: %w", err)
		}
	}
	return weights(append(ws, other), -1)
}
