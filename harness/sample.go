package harness

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/records/sample"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Drawing says which records of a sample are measured.
type Drawing struct {
	Most  int   // records
	Bytes int64 // of them at most, in Avro's encoding
	Seed  uint64
	Key   []string     // paths of the key; nil means the most natural that is null in no record
	Keyed bool         // there must be a key
	There []string     // other paths that must be null in no record
	Stop  func() error // asked before each record: what it returns ends the drawing; may be nil
}

// A Sample is records of a user's own.
type Sample struct {
	*sample.Ring
	Schema *schemas.Schema
	Type   *access.Type
	Key    []string // nil if no field can be one that is null in no record of the sample
	noKey  error
}

// NoKey says why there is no Key.
func (s *Sample) NoKey() error { return s.noKey }

// Draw reads all of r and draws records from it. Flink refuses a null key when it runs: one that is null anywhere in the sample
// is an error that names the record and what could stand beside it, whether or not that record is drawn.
func Draw(r *sample.Reader, d Drawing) (*Sample, error) {
	s := &Sample{Schema: r.Schema, Type: r.Type}
	watch, err := s.watch(d)
	if err != nil {
		return nil, err
	}
	s.Ring, err = sample.DrawEach(r, d.Most, d.Bytes, d.Seed, func(record any) error {
		if d.Stop != nil {
			if err := d.Stop(); err != nil {
				return err
			}
		}
		ref, err := r.Type.Ref(record)
		if err != nil {
			return err
		}
		if err := watch.look(ref); err != nil {
			return fmt.Errorf("%s: %w", r.Place(), err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if s.Key = watch.first(); s.Key == nil {
		s.noKey = watch.none()
	}
	if d.Keyed && s.Key == nil {
		return nil, s.noKey
	}
	return s, nil
}

// Each returns the records of r one by one, each good until the next, and the paths of their key: those given, or the most
// natural by the schema. A record whose key is null ends them with an error, as in [Draw]. Stop is as in [Drawing].
func Each(r *sample.Reader, key []string, stop func() error) (paths []string, list iter.Seq2[any, error], err error) {
	if key == nil {
		candidates, err := records.KeyBy(r.Schema, r.Type)
		if err != nil {
			return nil, nil, err
		}
		i := slices.IndexFunc(candidates, func(paths []string) bool { return CheckKey(r.Schema, paths) == nil })
		if i < 0 {
			return nil, nil, ErrNoKey
		}
		key = candidates[i]
	}
	s := &Sample{Schema: r.Schema, Type: r.Type}
	watch, err := s.watch(Drawing{Key: key})
	if err != nil {
		return nil, nil, err
	}
	return key, func(yield func(any, error) bool) {
		record := r.Type.New()
		ref, err := r.Type.Ref(record)
		for err == nil {
			if err = cmp.Or(stop(), r.Next(record)); err == nil {
				if err = watch.look(ref); err != nil {
					err = fmt.Errorf("%s: %w", r.Place(), err)
				}
			}
			if err == io.EOF || err == nil && !yield(record, nil) {
				return
			}
		}
		yield(nil, err)
	}, nil
}

// A watched is a key that may turn out to be null in some record.
type watched struct {
	paths []string
	null  func(access.Ref) (path string)
}

// A watch finds out which keys are null in no record of a sample. Keys are in order of preference.
type watch struct {
	schema *schemas.Schema
	typ    *access.Type
	must   []watched // of the user's
	keys   []watched
	lost   string // path of the first of keys that was null somewhere
}

// watch returns the watch of the keys that d asks for: those before the first that is never null by the schema.
func (s *Sample) watch(d Drawing) (*watch, error) {
	w := &watch{schema: s.Schema, typ: s.Type}
	if err := w.add(&w.must, d.There); err != nil {
		return nil, err
	}
	if d.Key != nil {
		return w, cmp.Or(CheckKey(s.Schema, d.Key), w.add(&w.must, d.Key), w.add(&w.keys, d.Key))
	}
	candidates, err := records.KeyBy(s.Schema, s.Type)
	if err != nil {
		return nil, err
	}
	for _, paths := range candidates {
		if CheckKey(s.Schema, paths) != nil {
			continue
		}
		if err := w.add(&w.keys, paths); err != nil {
			return nil, err
		}
		if records.NeverNull(s.Type, paths) {
			break
		}
	}
	return w, nil
}

// add has paths watched among to.
func (w *watch) add(to *[]watched, paths []string) error {
	null, err := records.NullKey(w.typ, paths)
	*to = append(*to, watched{paths, null})
	return err
}

// look looks at a record.
func (w *watch) look(r access.Ref) error {
	for _, m := range w.must {
		if path := m.null(r); path != "" {
			return fmt.Errorf("key %s is null: %s", path, w.remedy(path, r))
		}
	}
	w.keys = slices.DeleteFunc(w.keys, func(k watched) bool {
		path := k.null(r)
		w.lost = cmp.Or(w.lost, path)
		return path != ""
	})
	return nil
}

// remedy says what could be the key of record r, where that at path is null.
func (w *watch) remedy(path string, r access.Ref) string {
	if other := w.other(path, r); other != "" {
		return fmt.Sprintf("--key '%s|%s' takes the first that is not", path, other)
	}
	return "Flink refuses it when it runs; name a key that every record has, or leave such records out"
}

// other returns the path of a field that is there in r and can stand in for the one at path: the same in another record
// beside its own, or else the first of its type; or "".
func (w *watch) other(path string, r access.Ref) string {
	var paths []string
	for _, one := range access.Alternatives(path) {
		if _, below, ok := strings.Cut(one, "."); ok {
			for _, f := range w.typ.Fields {
				paths = append(paths, f.Name+"."+below)
			}
		}
	}
	if keys, err := records.KeyBy(w.schema, w.typ); err == nil {
		for _, key := range keys {
			paths = append(paths, key...)
		}
	}
	for _, other := range paths {
		null, err := records.NullKey(w.typ, []string{other})
		if err == nil && null(r) == "" && CheckKey(w.schema, []string{path + "|" + other}) == nil {
			return other
		}
	}
	return ""
}

// first returns the most natural key that is left.
func (w *watch) first() []string {
	if len(w.keys) == 0 {
		return nil
	}
	return w.keys[0].paths
}

// none says why there is no key.
func (w *watch) none() error {
	if w.lost == "" {
		return ErrNoKey
	}
	return fmt.Errorf("each field that can be a key is null in some record of the sample, such as %s: --key names one, with alternatives: --key 'a|b'", w.lost)
}

// Subject makes a subject of the sample that name names. Workers read its records from the file d.Path, where WriteTo has
// written them.
func (s *Sample) Subject(name string, d measure.Data) (*Subject, error) {
	d.Records = len(s.Records)
	sub := &Subject{Schema: s.Schema, Type: s.Type, Key: d.Key, Data: d, From: s.From(name)}
	var err error
	sub.Records, err = s.Structs()
	return sub, err
}

// From says how many of how many records the sample has, and of what.
func (s *Sample) From(name string) string {
	if int64(len(s.Records)) == s.Of {
		return fmt.Sprintf("all %s of %s", plural.Count(int(s.Of), "record"), results.OneLine(name))
	}
	return fmt.Sprintf("%d of %d records of %s", len(s.Records), s.Of, results.OneLine(name))
}

// Set returns the records as they are asked for.
func (s *Sample) Set() (*records.Set, error) {
	list, err := s.Structs()
	return &records.Set{Schema: s.Schema, Type: s.Type, Records: uint64(len(list)), At: func(i uint64) any { return list[i%uint64(len(list))] }}, err
}

// Structs returns the records as pointers to their structs.
func (s *Sample) Structs() ([]any, error) {
	list := make([]any, len(s.Records))
	for i, b := range s.Records {
		rest, err := one(s.Type, b, &list[i])
		if err != nil || len(rest) > 0 {
			return nil, fmt.Errorf("record %d of the sample does not come back from its bytes: %v", i, err)
		}
	}
	return list, nil
}

// one reads the record that b begins with, and returns what follows it.
func one(t *access.Type, b []byte, record *any) (rest []byte, err error) {
	*record = t.New()
	r, err := t.Ref(*record)
	if err != nil {
		return nil, err
	}
	return access.ReadAvro(t, b, r)
}

// stored makes a subject of the records in a file that a run has written for its workers.
func stored(s *schemas.Schema, d measure.Data) (*Subject, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(d.Path)
	if err != nil {
		return nil, err
	}
	sub := &Subject{Schema: s, Type: t, Records: make([]any, d.Records), Key: d.Key, Data: d}
	for i := range sub.Records {
		if b, err = one(t, b, &sub.Records[i]); err != nil {
			return nil, fmt.Errorf("%s: record %d: %w", d.Path, i, err)
		}
	}
	if len(b) > 0 {
		return nil, errors.New(d.Path + ": there are more records than were announced")
	}
	return sub, nil
}
