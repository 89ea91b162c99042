package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// float compiles the number keys of p for a float or double, whose largest value is most.
func float(p *profile, most float64) (floatDraw, error) {
	switch {
	case p.has("time") || p.has("recent") || p.has("index"):
		draw, err := spec{span: spanLong, unit: "ms"}.integer(p)
		return scaledTo(p, func(s *stream, e env) float64 { return float64(draw(s, e)) }, err)
	case p.has("bins"):
		draw, err := floatBins(p.take("bins"), most)
		return scaledTo(p, draw, err)
	case p.has("quantiles"):
		draw, err := floatQuantiles(p.take("quantiles"), most)
		return scaledTo(p, draw, err)
	case p.has("sum"):
		return nil, errors.New("sum is for integers")
	}
	shape, err := shapeOf(p)
	if err != nil {
		return nil, err
	}
	if shape == "normal" {
		draw, err := floatNormal(p, most)
		return scaledTo(p, draw, err)
	}
	lo, hi, err := floatEnds(p, 0, 1000, most)
	if err != nil {
		return nil, err
	}
	if shape == "log" {
		draw, err := floatLog(lo, hi)
		return scaledTo(p, draw, err)
	}
	return floatUniform(p, lo, hi)
}

// floatOf reads a number of a type whose largest is most.
func floatOf(raw json.RawMessage, most float64) (float64, error) {
	v, err := number(raw)
	if err == nil && math.Abs(v) > most {
		err = fmt.Errorf("%s is not from %v to %v", raw, -most, most)
	}
	return v, err
}

// floatEnds reads min and max.
func floatEnds(p *profile, lo, hi, most float64) (float64, float64, error) {
	var err error
	if raw := p.take("min"); raw != nil {
		if lo, err = floatOf(raw, most); err != nil {
			return 0, 0, fmt.Errorf("min: %w", err)
		}
	}
	if raw := p.take("max"); raw != nil {
		if hi, err = floatOf(raw, most); err != nil {
			return 0, 0, fmt.Errorf("max: %w", err)
		}
	}
	if lo > hi {
		return 0, 0, fmt.Errorf("min %v is above max %v", lo, hi)
	}
	return lo, hi, nil
}

// finite checks that the width of a range is a number too.
func finite(lo, hi float64) error {
	if math.IsInf(hi-lo, 0) {
		return fmt.Errorf("the range from %v to %v is too wide", lo, hi)
	}
	return nil
}

// scaleOf reads scale, the number of decimals.
func scaleOf(p *profile) (scale int64, ok bool, err error) {
	raw := p.take("scale")
	if raw == nil {
		return 0, false, nil
	}
	scale, err = integer(raw)
	if err == nil && (scale < 0 || scale > 15) {
		err = fmt.Errorf("scale %d is not from 0 to 15", scale)
	}
	return scale, true, err
}

// scaledTo rounds what draw gives to the decimals of scale, if there is one.
func scaledTo(p *profile, draw floatDraw, err error) (floatDraw, error) {
	if err != nil {
		return nil, err
	}
	scale, ok, err := scaleOf(p)
	if !ok || err != nil {
		return draw, err
	}
	ten := math.Pow10(int(scale))
	return func(s *stream, e env) float64 { return math.Round(draw(s, e)*ten) / ten }, nil
}

func floatUniform(p *profile, lo, hi float64) (floatDraw, error) {
	scale, ok, err := scaleOf(p)
	if err != nil {
		return nil, err
	}
	if err := finite(lo, hi); err != nil {
		return nil, err
	}
	if !ok {
		width := hi - lo
		return func(s *stream, _ env) float64 { return lo + float64(s.unit()*width) }, nil
	}
	ten := math.Pow10(int(scale))
	first, last := math.Ceil(lo*ten), math.Floor(hi*ten)
	if math.Abs(first) > 1<<53 || math.Abs(last) > 1<<53 || first > last {
		return nil, fmt.Errorf("no number of %d decimals from %v to %v", scale, lo, hi)
	}
	draw := uniform(int64(first), int64(last))
	return func(s *stream, e env) float64 { return float64(draw(s, e)) / ten }, nil
}

func floatLog(lo, hi float64) (floatDraw, error) {
	if lo <= 0 {
		return nil, errors.New("shape log needs min above 0")
	}
	if math.IsInf(hi/lo, 0) {
		return nil, fmt.Errorf("the range of shape log from %v to %v is too wide", lo, hi)
	}
	l := logSteps(hi / lo)
	return func(s *stream, _ env) float64 {
		y := l * (s.next() >> 32)
		v := lo * float64(exp2frac(uint32(y>>20))*math.Ldexp(1, int(y>>52)))
		return min(hi, v)
	}, nil
}

func floatNormal(p *profile, most float64) (floatDraw, error) {
	mean, sd, err := meanAndSD(p)
	if err != nil {
		return nil, err
	}
	lo, hi, err := floatEnds(p, -most, most, most)
	return func(s *stream, _ env) float64 { return min(max(mean+float64(sd*bell(s)), lo), hi) }, err
}

func floatBins(raw json.RawMessage, most float64) (floatDraw, error) {
	c, ends, err := binsOf(raw, func(raw json.RawMessage) (float64, error) { return floatOf(raw, most) })
	if err != nil {
		return nil, err
	}
	for _, e := range ends {
		if err := finite(e[0], e[1]); err != nil {
			return nil, err
		}
	}
	return func(s *stream, _ env) float64 {
		e := ends[c.draw(s)]
		return e[0] + float64(s.unit()*(e[1]-e[0]))
	}, nil
}

func floatQuantiles(raw json.RawMessage, most float64) (floatDraw, error) {
	q, err := ascending(raw, func(raw json.RawMessage) (float64, error) { return floatOf(raw, most) })
	if err != nil {
		return nil, err
	}
	if err := finite(q[0], q[len(q)-1]); err != nil {
		return nil, err
	}
	k := float64(len(q) - 1)
	return func(s *stream, _ env) float64 {
		x := float64(s.unit() * k)
		j := int(x)
		return q[j] + float64((x-float64(j))*(q[j+1]-q[j]))
	}, nil
}
