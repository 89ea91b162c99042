package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// A texter appends a text to g.buf, drawn from st, which belongs to a path in scope s.
type texter func(g *Generator, st *stream, s scope, e env)

// A whole is the texter of a path, with what comes before its stream: the pick. It returns a constant instead of
// appending it where the value is one, so that a field that is just that shares it.
type whole func(g *Generator, s scope, e env) (constant string, is bool)

// A text has this many characters if nobody says how many.
const leastText, mostText = 4, 24

// lengthSpec is that of the lengths of texts and bytes.
var lengthSpec = spec{spanLen, "", mostText}

// text compiles the rule of a string.
func (c *compiler) text(path string, p *profile, isUUID bool) (texter, error) {
	switch {
	case p.has("uuid"):
		if string(p.take("uuid")) != "true" {
			return nil, errors.New("uuid is true or absent")
		}
		return c.uuid(), nil
	case p.has("num"):
		c.add(20)
		return number10(p)
	case p.has("time"):
		c.add(24)
		return timeText(p)
	case p.has("parts"):
		return c.parts(path, p.take("parts"))
	case isUUID && !p.has("len") && !p.has("chars"):
		return c.uuid(), nil
	}
	n := intDraw(uniform(leastText, mostText))
	if raw := p.take("len"); raw != nil {
		var err error
		if n, err = lengthSpec.value(raw); err != nil {
			return nil, fmt.Errorf("len: %w", err)
		}
	}
	chars, width := alphabets["lower"].letters(), 1.0
	if raw := p.take("chars"); raw != nil {
		var err error
		if chars, err = charsOf(raw); err != nil {
			return nil, err
		}
		width = chars.width()
	}
	c.add(meanOf(n) * width)
	return func(g *Generator, st *stream, _ scope, e env) { g.buf = chars(g.buf, st, g.room(int(n(st, e)))) }, nil
}

func (c *compiler) uuid() texter {
	c.add(36)
	return uuid
}

// uuid is a version 4 UUID of two draws.
func uuid(g *Generator, st *stream, _ scope, _ env) {
	const hex = "0123456789abcdef"
	a, b := st.next(), st.next()
	var d [32]byte
	for i := range 16 {
		d[i], d[16+i] = hex[a>>(60-4*i)&15], hex[b>>(60-4*i)&15]
	}
	d[12], d[16] = '4', "89ab"[b>>62]
	for i, part := range [...][]byte{d[:8], d[8:12], d[12:16], d[16:20], d[20:]} {
		if i > 0 {
			g.buf = append(g.buf, '-')
		}
		g.buf = append(g.buf, part...)
	}
}

// number10 is a number in decimal, padded with zeros.
func number10(p *profile) (texter, error) {
	draw, err := spec{span: spanLong, unit: "ms"}.value(p.take("num"))
	if err != nil {
		return nil, fmt.Errorf("num: %w", err)
	}
	width := int64(0)
	if raw := p.take("width"); raw != nil {
		if width, err = integer(raw); err != nil || width < 0 || width > 100 {
			return nil, fmt.Errorf("width %s is not from 0 to 100", raw)
		}
	}
	return func(g *Generator, st *stream, _ scope, e env) {
		var b [20]byte
		digits := strconv.AppendInt(b[:0], draw(st, e), 10)
		for i := int64(len(digits)); i < width; i++ {
			g.buf = append(g.buf, '0')
		}
		g.buf = append(g.buf, digits...)
	}, nil
}

// timeForms are the forms of a time as text; decimal has none.
var timeForms = map[string]string{
	"decimal": "", "rfc3339": "2006-01-02T15:04:05.000Z", "rfc3339s": "2006-01-02T15:04:05Z", "date": "2006-01-02",
	"clf": "02/Jan/2006:15:04:05 +0000",
}

func timeText(p *profile) (texter, error) {
	raw := p.take("time")
	draw, err := spec{span: spanLong, unit: "ms"}.time(raw)
	if err != nil {
		return nil, err
	}
	unit := "ms"
	if t, err := readProfile(raw); err == nil && t.has("unit") {
		unit, _ = text(t.take("unit"))
	}
	name := "decimal"
	if raw := p.take("format"); raw != nil {
		if name, err = text(raw); err != nil {
			return nil, err
		}
	}
	form, ok := timeForms[name]
	if !ok {
		return nil, fmt.Errorf("format %q: there are decimal, rfc3339, rfc3339s, date and clf", name)
	}
	if form == "" {
		return func(g *Generator, st *stream, _ scope, e env) { g.buf = strconv.AppendInt(g.buf, draw(st, e), 10) }, nil
	}
	nanos := nanosOf[unit]
	per := int64(time.Second) / nanos
	return func(g *Generator, st *stream, _ scope, e env) {
		v := draw(st, e)
		sec := v / per
		if v%per < 0 {
			sec--
		}
		g.buf = time.Unix(sec, (v-sec*per)*nanos).UTC().AppendFormat(g.buf, form)
	}, nil
}

// A part is one of the parts of a text.
type part struct {
	literal string
	p       uint64 // threshold of its being there
	key     uint64 // of the stream that decides
	text    whole  // nil for a literal
}

// parts compiles a list of texts and string profiles.
func (c *compiler) parts(path string, raw json.RawMessage) (texter, error) {
	items, err := list(raw)
	if err != nil {
		return nil, err
	}
	parts := make([]part, len(items))
	for j, item := range items {
		if item[0] == '"' {
			if parts[j].literal, err = text(item); err != nil {
				return nil, err
			}
			c.add(float64(len(parts[j].literal)))
			continue
		}
		if parts[j], err = c.part(fmt.Sprintf("%s/%d", path, j), item); err != nil {
			return nil, fmt.Errorf("part %d: %w", j, err)
		}
	}
	return func(g *Generator, _ *stream, s scope, e env) {
		for i := range parts {
			parts[i].add(g, s, e)
		}
	}, nil
}

func (c *compiler) part(path string, raw json.RawMessage) (part, error) {
	p, err := readProfile(raw)
	if err != nil {
		return part{}, err
	}
	pt := part{p: 1 << 32, key: hash(path + "?")}
	if raw := p.take("p"); raw != nil {
		o, err := odds(raw)
		if err != nil {
			return part{}, fmt.Errorf("p: %w", err)
		}
		pt.p = threshold(o)
	}
	bytes, err := c.weigh(func() error {
		pt.text, err = c.whole(path, p, false)
		return err
	})
	if err != nil {
		return part{}, err
	}
	c.add(bytes * float64(pt.p) / (1 << 32))
	return pt, p.unknown("", func() []string { return append(textKeys(), keysIn("parts", "")...) })
}

func (pt *part) add(g *Generator, s scope, e env) {
	if pt.text == nil {
		g.buf = append(g.buf, pt.literal...)
		return
	}
	if pt.p < 1<<32 {
		if st := s.stream(pt.key); !st.event(pt.p) {
			return
		}
	}
	if constant, is := pt.text(g, s, e); is {
		g.buf = append(g.buf, constant...)
	}
}
