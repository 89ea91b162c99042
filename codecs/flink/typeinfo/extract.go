// Package typeinfo is what Flink's type extraction makes of a Java type: the serializer of each place in a record, in each
// line of Flink, and in words for people why one is Kryo, what helps, and which faults of Flink values meet. What
// serializers write is in the packages of the formats.
package typeinfo

import (
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
)

// A Serializer is what Flink chooses for a type: the classes of its type information and of its serializer, and whether
// that is Kryo.
type Serializer struct {
	Info, Name string
	Kryo       bool
}

var kryo = Serializer{"GenericTypeInfo", "KryoSerializer", true}

// own are the serializers of the classes that have one of their own, whatever is around them.
var own = map[javatype.Class]Serializer{
	javatype.Boolean:      {Info: "BasicTypeInfo", Name: "BooleanSerializer"},
	javatype.Byte:         {Info: "IntegerTypeInfo", Name: "ByteSerializer"},
	javatype.Short:        {Info: "IntegerTypeInfo", Name: "ShortSerializer"},
	javatype.Int:          {Info: "IntegerTypeInfo", Name: "IntSerializer"},
	javatype.Long:         {Info: "IntegerTypeInfo", Name: "LongSerializer"},
	javatype.Float:        {Info: "FractionalTypeInfo", Name: "FloatSerializer"},
	javatype.Double:       {Info: "FractionalTypeInfo", Name: "DoubleSerializer"},
	javatype.String:       {Info: "BasicTypeInfo", Name: "StringSerializer"},
	javatype.Bytes:        {Info: "PrimitiveArrayTypeInfo", Name: "BytePrimitiveArraySerializer"},
	javatype.Enum:         {Info: "EnumTypeInfo", Name: "EnumSerializer"},
	javatype.Pojo:         {Info: "PojoTypeInfo", Name: "PojoSerializer"},
	javatype.List:         {Info: "NullableListTypeInfo", Name: "NullableSerializer"},
	javatype.Map:          {Info: "NullableMapTypeInfo", Name: "NullableSerializer"},
	javatype.Instant:      {Info: "BasicTypeInfo", Name: "InstantSerializer"},
	javatype.UtilDate:     {Info: "BasicTypeInfo", Name: "DateSerializer"},
	javatype.SQLTimestamp: {Info: "SqlTimeTypeInfo", Name: "SqlTimestampSerializer"},
	javatype.BigDecimal:   {Info: "BasicTypeInfo", Name: "BigDecSerializer"},
	javatype.Void:         {Info: "BasicTypeInfo", Name: "VoidSerializer"},
}

// primitiveArrays are the beginnings of the names of the serializers of primitive arrays.
var primitiveArrays = [...]string{
	javatype.Boolean: "Boolean", javatype.Byte: "Byte", javatype.Short: "Short", javatype.Int: "Int", javatype.Long: "Long",
	javatype.Float: "Float", javatype.Double: "Double",
}

// An Extractor is Flink's TypeExtractor at some place in a record. The zero Extractor is that of 2.x at the root.
type Extractor struct {
	Line javatype.Line
	// open is what the extractor is inside of: the declared types, which are those of the root, of fields and of a collection's
	// argument, and the classes whose fields are analysed.
	open []declared
	// component says that the place is an element of an array, which has no declared type: its array has one.
	component bool
	// outer are the records that the extractors around it are inside of: the type arguments of a collection are analysed by a
	// fresh one.
	outer []*javatype.Record
}

// A declared is a type as it is declared, of those that can be inside themselves: a record's class, or an array class of one,
// which Flink counts as a type of its own.
type declared struct {
	record *javatype.Record
	dims   int // of the array
}

// declaredOf returns t as it is declared. A type without a record has no record.
func declaredOf(t *javatype.Type) declared {
	dims := 0
	for ; t.Class == javatype.Array; t = t.Elem {
		dims++
	}
	return declared{t.Record, dims}
}

// Choose returns the serializer of t. The error is of types that Flink 2.x cannot analyse at all.
func (x Extractor) Choose(t *javatype.Type) (Serializer, error) {
	switch t.Class {
	case javatype.List, javatype.Map:
		if x.Line == javatype.Flink1 || parameterized(t.Elem) {
			return kryo, nil
		}
	case javatype.Array:
		if x.recurs(t) {
			return kryo, nil
		}
		return arraySerializer(t.Elem), nil
	case javatype.Pojo:
		switch {
		case len(t.Record.Fields) == 0, x.recurs(t):
			return kryo, nil
		case slices.Contains(x.outer, t.Record):
			return Serializer{}, fmt.Errorf("%s is inside itself through a List or a Map, which Flink 2.x cannot type (StackOverflowError): %w", t.Name, schemas.ErrUnsupported)
		}
	}
	if s, ok := own[t.Class]; ok {
		return s, nil
	}
	return kryo, nil
}

// recurs reports whether the class of t is declared more than once on the way to it, itself included.
func (x Extractor) recurs(t *javatype.Type) bool {
	d, times := declaredOf(t), 0
	if d.record == nil {
		return false
	}
	if !x.component {
		times++
	}
	for _, o := range x.open {
		if o == d {
			times++
		}
	}
	return times > 1
}

func arraySerializer(elem *javatype.Type) Serializer {
	switch {
	case elem.Primitive():
		return Serializer{Info: "PrimitiveArrayTypeInfo", Name: primitiveArrays[elem.Class] + "PrimitiveArraySerializer"}
	case elem.Class == javatype.String:
		return Serializer{Info: "BasicArrayTypeInfo", Name: "StringArraySerializer"}
	case elem.Wrapper():
		return Serializer{Info: "BasicArrayTypeInfo", Name: "GenericArraySerializer"}
	}
	return Serializer{Info: "ObjectArrayTypeInfo", Name: "GenericArraySerializer"}
}

// parameterized reports whether t has type arguments: as the argument of a collection it leaves that to Kryo.
func parameterized(t *javatype.Type) bool {
	switch t.Class {
	case javatype.List, javatype.Map:
		return true
	case javatype.Array:
		return parameterized(t.Elem)
	}
	return false
}

// Into returns the extractor of the fields of r.
func (x Extractor) Into(r *javatype.Record) Extractor {
	d := declared{record: r}
	x.open = append(slices.Clip(x.open), d)
	if !x.component {
		x.open = append(x.open, d) // once as what the place declares, once as the class that is analysed
	}
	x.component = false
	return x
}

// Elements returns the extractor of the elements of array t.
func (x Extractor) Elements(t *javatype.Type) Extractor {
	if !x.component {
		x.open = append(slices.Clip(x.open), declaredOf(t))
	}
	x.component = true
	return x
}

// Argument returns the extractor of the type arguments of a collection.
func (x Extractor) Argument() Extractor {
	x.outer = slices.Clip(x.outer)
	for _, o := range x.open {
		if o.record != nil {
			x.outer = append(x.outer, o.record)
		}
	}
	x.open, x.component = nil, false
	return x
}

// Walk calls visit for t, at path, and for each place inside it that Flink gives a serializer of its own. Fields are
// behind dots, elements are [], keys and values {key} and {value}; the root is ".".
func (x Extractor) Walk(path string, t *javatype.Type, visit func(path string, t *javatype.Type, s Serializer)) error {
	s, err := x.Choose(t)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	visit(path, t, s)
	switch {
	case s.Kryo:
		return nil
	case t.Class == javatype.Pojo:
		return x.walkFields(path, t.Record, visit)
	case t.Class == javatype.List:
		return x.Argument().Walk(path+"[]", t.Elem, visit)
	case t.Class == javatype.Map:
		visit(path+"{key}", key, own[javatype.String])
		return x.Argument().Walk(path+"{value}", t.Elem, visit)
	case t.Class == javatype.Array && !t.Elem.Primitive():
		return x.Elements(t).Walk(path+"[]", t.Elem, visit)
	}
	return nil
}

// key is the type of a map's keys, which have no place in a record.
var key = &javatype.Type{Class: javatype.String}

func (x Extractor) walkFields(path string, r *javatype.Record, visit func(path string, t *javatype.Type, s Serializer)) error {
	path += "."
	if path == ".." {
		path = ""
	}
	for _, f := range r.Fields {
		if err := x.Into(r).Walk(path+f.Name, f.Type, visit); err != nil {
			return err
		}
	}
	return nil
}
