package explain

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/harness/shares"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

// A tally attributes the bytes of records to fields, for each codec once.
type tally struct {
	set  *records.Set
	cfg  Config
	ring []any // its records
	done map[string]*shares.Sum
}

func newTally(set *records.Set, cfg Config) *tally {
	t := &tally{set: set, cfg: cfg, done: map[string]*shares.Sum{}}
	for i := range set.Records {
		t.ring = append(t.ring, set.At(i))
	}
	return t
}

// pojo returns what the bytes of the record as a line's POJO are for, nil if it cannot be one.
func (t *tally) pojo(line javatype.Line) (*shares.Sum, error) { return t.format(t.cfg.POJO[line]) }

// isPOJO reports whether a codec writes the record as a POJO.
func (t *tally) isPOJO(name string) bool {
	for _, f := range t.cfg.POJO {
		if f.Name == name {
			return true
		}
	}
	return false
}

// named is format of the codec called name.
func (t *tally) named(name string) (*shares.Sum, error) {
	i := slices.IndexFunc(t.cfg.Formats, func(f codecs.Format) bool { return f.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("codec %s: there is none of that name", name)
	}
	return t.format(t.cfg.Formats[i])
}

// format returns what a codec's bytes are for, nil if it cannot carry the schema.
func (t *tally) format(f codecs.Format) (*shares.Sum, error) {
	return t.of(f.Name, func() (codecs.Codec, error) { return f.New(t.set.Schema) })
}

// registered returns the shares of the record as a POJO whose user has registered with Kryo all classes that stand in it by
// name.
func (t *tally) registered(line javatype.Line) (*shares.Sum, error) {
	now, err := t.pojo(line)
	if err != nil {
		return nil, err
	}
	return t.of(t.cfg.POJO[line].Name+"+registered", func() (codecs.Codec, error) {
		return t.cfg.Register(t.set.Schema, line, byName(now, ".")...)
	})
}

// of returns the shares of what open opens, called name.
func (t *tally) of(name string, open func() (codecs.Codec, error)) (*shares.Sum, error) {
	if s, ok := t.done[name]; ok {
		return s, nil
	}
	c, err := open()
	if errors.Is(err, schemas.ErrUnsupported) {
		t.done[name] = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s, err := shares.Of(codecs.NewPipe(c, t.set.Type), t.ring)
	if err != nil {
		return nil, fmt.Errorf("codec %s: %w", name, err)
	}
	t.done[name] = s
	return s, nil
}
