package explain

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/harness/shares"
	"github.com/wirecost/wirecost/schemas"
)

// nameTime is what reading a character of a class name takes in Flink's Kryo, in ns of CPU time: its input asks the stream for
// one byte at a time. Two types of 142 characters more or less differed by 10 ns each in Flink 2.2.1, and those of
// results/flink-names.md by as much in 2.3.0; another machine has another number. What Flink 1.20 takes was not measured.
var nameTime = map[javatype.Line]float64{javatype.Flink2: 10}

// Names are the class names that Kryo writes in full in each record: the first time that it meets a class there. A class that is
// registered is a number instead.
type Names struct {
	Flink      string   `json:"flink"`
	Codec      string   `json:"codec"`
	Count      float64  `json:"names/record"`
	Characters float64  `json:"characters/record"`
	Time       *float64 `json:"ns/record,omitempty"` // of reading them, as nameTime says; nil where it does not
	Remedies   []Remedy `json:"remedies"`

	line  Line
	whole bool // the record as a generic type, not some fields of a POJO
}

// A form is a way in which a line writes records that has names of classes in it.
type form struct {
	format   codecs.Format
	register func(s *schemas.Schema, line javatype.Line, classes ...string) (codecs.Codec, error)
	whole    bool
}

// names returns what the names of classes cost, in each form that has any.
func (r *Report) names(t *tally) ([]Names, error) {
	var all []Names
	for _, l := range r.cfg.Lines {
		for _, f := range []form{{r.cfg.POJO[l.Line], r.cfg.Register, false}, {r.cfg.Kryo[l.Line], r.cfg.RegisterKryo, true}} {
			if f.format.New == nil {
				continue
			}
			n, err := t.names(f, l)
			if err != nil {
				return nil, err
			}
			if n.Count > 0 {
				all = append(all, n)
			}
		}
	}
	return all, nil
}

// names asks one form: as it is, with its classes registered, and with the classes of arrays, too.
func (t *tally) names(f form, l Line) (Names, error) {
	n := Names{Flink: l.Key, Codec: f.format.Name, line: l, whole: f.whole}
	now, err := t.format(f.format)
	if err != nil || now == nil {
		return n, err
	}
	n.Count, n.Characters = written(now, anyClass)
	n.Time = l.time(n.Characters)
	classes := byName(now, ".")
	plain := slices.DeleteFunc(slices.Clone(classes), isArray)
	arrays := slices.DeleteFunc(slices.Clone(classes), func(c string) bool { return !isArray(c) })
	before := now
	var done []string
	for _, some := range [][]string{plain, arrays} {
		if len(some) == 0 {
			continue
		}
		text := registering(some)
		if len(done) > 0 {
			text = "then " + text
		}
		done = append(done, some...)
		after, err := t.of(fmt.Sprint(f.format.Name, " with ", done), func() (codecs.Codec, error) {
			return f.register(t.set.Schema, l.Line, done...)
		})
		if err != nil || after == nil {
			return n, errors.Join(err, fmt.Errorf("%s with registered classes: %w", f.format.Name, schemas.ErrUnsupported))
		}
		_, left := written(after, anyClass)
		_, were := written(before, anyClass)
		n.Remedies = append(n.Remedies, l.saves(text, before.Under(".")-after.Under("."), were-left))
		before = after
	}
	own := javatype.Classes(t.set.Schema.Root)
	if count, _ := written(now, func(class string) bool { return slices.Contains(own, javaElement(class)) }); count > 0 {
		n.Remedies = append(n.Remedies, l.saves("shorter names of your packages and classes: each character of each", count, count))
	}
	return n, nil
}

func (l Line) saves(text string, bytes, characters float64) Remedy {
	return Remedy{text, &bytes, l.time(characters)}
}

// time returns what reading some characters of names takes, nil if that is not known of a line.
func (l Line) time(characters float64) *float64 {
	ns, known := nameTime[l.Line]
	if !known {
		return nil
	}
	ns *= characters
	return &ns
}

// written returns how many names of some classes a record has in full, and how long they are together.
func written(s *shares.Sum, of func(class string) bool) (count, characters float64) {
	for text, times := range s.Names() {
		if class := newName(text); class != "" && of(class) {
			count += times
			characters += times * float64(len(class))
		}
	}
	return count, characters
}

func anyClass(string) bool { return true }

func isArray(class string) bool { return strings.HasPrefix(class, "[") }

// javaElement returns the class of an array's elements, or of what is none.
func javaElement(class string) string { return strings.TrimRight(javaName(class), "[]") }

// text says what the names cost.
func (n Names) text() string {
	what := "Kryo fields of the POJO"
	if n.whole {
		what = "the record as a generic type"
	}
	text := fmt.Sprintf("(Flink %s, %s): %.1f in full a record, %.1f characters", n.line.Name, what, n.Count, n.Characters)
	if n.Time != nil {
		text += fmt.Sprintf(", about %s to read", duration(*n.Time))
	}
	return text
}

// duration returns a time in ns or us.
func duration(ns float64) string {
	if ns < 1000 {
		return fmt.Sprintf("%.0f ns", ns)
	}
	return fmt.Sprintf("%.1f us", ns/1000)
}
