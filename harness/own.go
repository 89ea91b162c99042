package harness

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// SubjectOf makes a subject of the user's own records of schema s: a slice of their struct or of pointers to it, which is
// not copied. The struct has an exported field for each of the schema, in the same order, with its name in an avro tag, of
// the type that package schemas lists; an error names the field that has not. What a general union holds cannot be seen in
// the struct: others are values of the record types that stand in one. The number of records is cut down to a power of two.
func SubjectOf(s *schemas.Schema, own any, others ...any) (*Subject, error) {
	slice := reflect.ValueOf(own)
	if slice.Kind() != reflect.Slice || structOf(slice.Type().Elem()) == nil {
		return nil, fmt.Errorf("%s: want a slice of structs, got a %T", s.Name, own)
	}
	if slice.Len() == 0 {
		return nil, fmt.Errorf("%s: no records", s.Name)
	}
	d := declared{}
	if err := d.add(s.Root, slice.Type().Elem(), s.Root.Name); err != nil {
		return nil, err
	}
	if err := d.addOthers(s.Root, others); err != nil {
		return nil, err
	}
	s, err := schemas.Bind(s, d, nil)
	if err != nil {
		return nil, err
	}
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	sub := &Subject{Schema: s, Type: t}
	if plan, err := records.Compile(s, nil); err == nil { // a profile that makes no records still has records of the user's
		sub.Key = surestKey(plan)
	}
	return sub, sub.take(slice)
}

// take makes the ring of s: the first records, as many as a power of two has room for.
func (s *Subject) take(slice reflect.Value) error {
	n := 1
	for 2*n <= slice.Len() {
		n *= 2
	}
	for i := range n {
		v := slice.Index(i)
		if v.Kind() != reflect.Pointer {
			v = v.Addr()
		}
		if v.IsNil() {
			return fmt.Errorf("%s: record %d is nil", s.Schema.Name, i)
		}
		s.Records = append(s.Records, v.Interface())
	}
	_, err := s.Fact() // which reads every field: a value that its schema does not have is an error now
	return err
}

// structOf returns t, or what it points to, if that is a struct, and else nil.
func structOf(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return t
}

// declared is the Go type of each record of a schema, by full name, as schemas.Bind wants it.
type declared map[string]reflect.Type

// add finds the types of the records in n, whose Go type is t. What does not fit is left to schemas.Bind, but for records
// whose type is missing for that reason; path names them.
func (d declared) add(n *schemas.Node, t reflect.Type, path string) error {
	switch n.Kind {
	case schemas.Record:
		return d.addRecord(n, t, path)
	case schemas.Array, schemas.Map:
		if t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		return d.add(n.Items, t, path+"[]")
	case schemas.Union:
		if b, ok := n.Nullable(); ok {
			return d.add(b, t, path)
		}
	}
	return nil
}

func (d declared) addRecord(n *schemas.Node, t reflect.Type, path string) error {
	n = n.Record()
	if d[n.Name] != nil {
		return nil
	}
	t = structOf(t)
	switch {
	case t == nil:
		return fmt.Errorf("%s: record %s needs a struct", path, n.Name)
	case t.NumField() < len(n.Fields):
		return fmt.Errorf("%s: %s has %d of the %d fields of record %s: %s is missing", path, t, t.NumField(), len(n.Fields), n.Name, missing(t, n))
	case t.NumField() > len(n.Fields):
		return fmt.Errorf("%s: %s has the field %s, which record %s has not", path, t, surplus(t, n), n.Name)
	}
	d[n.Name] = t
	var errs []error
	for i, f := range n.Fields {
		errs = append(errs, d.add(f.Type, t.Field(i).Type, path+"."+f.Name))
	}
	return errors.Join(errs...)
}

// missing returns the first field of record n that t, which has fewer, lacks.
func missing(t reflect.Type, n *schemas.Node) string {
	for i, f := range n.Fields {
		if i == t.NumField() || t.Field(i).Tag.Get("avro") != f.Name {
			return f.Name
		}
	}
	return ""
}

// surplus returns the first field of t, which has more, that record n lacks.
func surplus(t reflect.Type, n *schemas.Node) string {
	for i := range t.NumField() {
		if i == len(n.Fields) || t.Field(i).Tag.Get("avro") != n.Fields[i].Name {
			return t.Field(i).Name
		}
	}
	return ""
}

// addOthers takes the types of records in general unions: those of values whose struct has the fields of a record that has
// no type yet.
func (d declared) addOthers(root *schemas.Node, others []any) error {
	return root.Walk(func(path string, n *schemas.Node) error {
		if n.Kind != schemas.Record || d[n.Record().Name] != nil {
			return nil
		}
		for _, v := range others {
			if t := structOf(reflect.TypeOf(v)); t != nil && fits(t, n.Record()) {
				return d.addRecord(n, t, path)
			}
		}
		return fmt.Errorf("%s: record %s stands in a union, where its struct cannot be seen: pass a value of it", path, n.Name)
	})
}

// fits reports whether t has the fields of record n, by name.
func fits(t reflect.Type, n *schemas.Node) bool {
	if t.NumField() != len(n.Fields) {
		return false
	}
	for i, f := range n.Fields {
		if t.Field(i).Tag.Get("avro") != f.Name {
			return false
		}
	}
	return true
}
