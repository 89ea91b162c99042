package typeinfo

import (
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
)

// A Choice is what both lines of Flink choose for one place in a record.
type Choice struct {
	Path   string // as Extractor.Walk has it
	Type   *javatype.Type
	Flink1 *Serializer // nil where 1.20 has no such path: what is around it is Kryo
	Flink2 *Serializer // nil likewise in 2.x, and everywhere if it cannot type the record
}

// Serializer returns what one line chooses, nil if it has no such path.
func (c *Choice) Serializer(line javatype.Line) *Serializer {
	if line == javatype.Flink1 {
		return c.Flink1
	}
	return c.Flink2
}

// Choices returns what both lines choose for t and for each place inside it, in the order of field names. The error is of
// records that Flink 2.x cannot type; then the choices are those of 1.20 alone.
func Choices(t *javatype.Type) ([]Choice, error) {
	var rows []Choice
	place := func(path string, at *javatype.Type) *Choice {
		i := slices.IndexFunc(rows, func(c Choice) bool { return c.Path == path })
		if i < 0 {
			i = len(rows)
			rows = append(rows, Choice{Path: path, Type: at})
		}
		return &rows[i]
	}
	err := Extractor{}.Walk(".", t, func(path string, at *javatype.Type, s Serializer) { place(path, at).Flink2 = &s })
	if err != nil {
		rows = nil
	}
	// 1.20 types every record, and has no path that 2.x does not have.
	if err1 := (Extractor{Line: javatype.Flink1}).Walk(".", t, func(path string, at *javatype.Type, s Serializer) { place(path, at).Flink1 = &s }); err1 != nil {
		return nil, err1
	}
	return rows, err
}

// Reason says why a line of Flink leaves values of t to Kryo, if it does.
func Reason(t *javatype.Type, line javatype.Line) string {
	switch t.Class {
	case javatype.List, javatype.Map:
		raw := map[javatype.Class]string{javatype.List: "java.util.List", javatype.Map: "java.util.Map"}[t.Class]
		if line == javatype.Flink1 {
			return "Flink 1.20 has no serializer for a field of type " + raw
		}
		return fmt.Sprintf("Flink 2.x takes a %s only if its type arguments are plain classes, and %s has type arguments of its own", raw, t.Elem.JavaName())
	case javatype.Array:
		return fmt.Sprintf("%s is inside itself: Flink types the inner occurrence as a generic type", t.JavaName())
	case javatype.Pojo:
		if len(t.Record.Fields) == 0 {
			return fmt.Sprintf("%s has no fields, so it is no POJO", t.Name)
		}
		return fmt.Sprintf("%s is inside itself: Flink types the inner occurrence as a generic type", t.Name)
	case javatype.LocalDate, javatype.LocalTime, javatype.LocalDateTime:
		return fmt.Sprintf("the type extraction does not know %s, though Flink has a serializer for it", t.JavaName())
	case javatype.UUID:
		return "java.util.UUID has no Flink serializer"
	case javatype.Object:
		return "a union of several types is a java.lang.Object, whose class only each value tells"
	}
	return ""
}

// A Remedy is what keeps values of a type from Kryo.
type Remedy struct {
	Text string
	// What it costs instead, so that it can be told what it saves: the codec that writes the same values so, or, if that
	// is "", Bytes for each value that is not null. The remedy does not work for a record that the codec cannot carry.
	Codec   string
	Bytes   int
	Unknown bool // what it costs is not told
}

// Remedies returns what works against the fallback of t in a line of Flink, the best first.
func Remedies(t *javatype.Type, line javatype.Line) []Remedy {
	switch t.Class {
	case javatype.List, javatype.Map:
		var remedies []Remedy
		if line == javatype.Flink1 && !parameterized(t.Elem) {
			remedies = append(remedies, Remedy{Text: "Flink 2.x, which has a serializer for it (FLIP-398)" + rest(t, javatype.Flink2), Codec: "pojo"})
		}
		return append(remedies, typeInfo(t, line)...)
	case javatype.LocalDate, javatype.LocalTime, javatype.LocalDateTime:
		return typeInfo(t, line)
	case javatype.UUID:
		return []Remedy{
			{Text: "@TypeInfo on the field, with a TypeSerializer of your own for its two longs (or two long fields, one byte more)", Bytes: 16},
			{Text: "a String field, as text", Bytes: 37},
		}
	case javatype.Object:
		return []Remedy{{Text: "a nullable field for each type that the union holds, instead of one", Unknown: true}}
	case javatype.Pojo:
		if len(t.Record.Fields) > 0 {
			return []Remedy{{Text: "an id of the other record instead of the record itself, so that nothing is inside itself", Unknown: true}}
		}
		return []Remedy{{Text: "a field, which makes the class a POJO", Unknown: true}}
	}
	return nil
}

// typeInfo returns the remedy of saying the type, if Flink's API can say it.
func typeInfo(t *javatype.Type, line javatype.Line) []Remedy {
	name := explicit(t, line)
	if name == "" || t.Elem != nil && holds(t.Elem, func(x *javatype.Type) bool { return x == t }, nil) {
		return nil // or the factory would be asked for the field again, within itself
	}
	r := Remedy{Text: "@TypeInfo on the field, with a TypeInfoFactory that returns " + name, Codec: "row"}
	// A row has rows where this has POJOs, which take other bytes.
	r.Unknown = holds(t, func(t *javatype.Type) bool { return t.Class == javatype.Pojo }, nil)
	generic := holds(t, func(t *javatype.Type) bool { return t.Class == javatype.UUID || t.Class == javatype.Object }, nil)
	if generic {
		r.Text += genericRest
		if line == javatype.Flink1 {
			r.Codec = "row-flink1"
		}
	} else if r.Unknown {
		r.Text += rest(t, line)
	}
	return []Remedy{r}
}

const genericRest = ", which leaves what is generic in it to Kryo"

// rest says whether a line of Flink leaves something in the elements of t to Kryo.
func rest(t *javatype.Type, line javatype.Line) string {
	generic := false
	// A type that the line cannot type has no remedy of it.
	_ = Extractor{Line: line}.Walk(".", t.Elem, func(_ string, _ *javatype.Type, s Serializer) { generic = generic || s.Kryo })
	if generic {
		return genericRest
	}
	return ""
}

// explicit returns how Java code names the type information of t where extraction does not find it, "" if it cannot.
func explicit(t *javatype.Type, line javatype.Line) string {
	elem := ""
	if t.Elem != nil {
		if elem = explicit(t.Elem, line); elem == "" {
			return ""
		}
	}
	switch t.Class {
	case javatype.List:
		switch {
		case !t.Elem.Nullable() || writesNull[t.Elem.Class]:
			return "Types.LIST(" + elem + ")"
		case line == javatype.Flink1: // ListSerializer has no null, nor has the element's
			return ""
		}
		return "new NullableListTypeInfo<>(" + elem + ")"
	case javatype.Map:
		return "Types.MAP(Types.STRING, " + elem + ")"
	case javatype.Array:
		if t.Elem.Primitive() {
			return "Types.PRIMITIVE_ARRAY(" + elem + ")"
		}
		return "Types.OBJECT_ARRAY(" + elem + ")"
	case javatype.Enum:
		return "Types.ENUM(" + t.Name + ".class)"
	case javatype.Pojo:
		return "Types.POJO(" + t.Name + ".class)"
	case javatype.UUID, javatype.Object:
		return "Types.GENERIC(" + t.JavaName() + ".class)"
	}
	return apiNames[t.Class]
}

// writesNull has the classes whose serializers have a form for null that they read back.
var writesNull = map[javatype.Class]bool{
	javatype.String: true, javatype.Instant: true, javatype.UtilDate: true, javatype.LocalDate: true, javatype.LocalTime: true,
	javatype.LocalDateTime: true, javatype.BigDecimal: true, javatype.UUID: true, javatype.Void: true, javatype.Object: true,
}

// apiNames are how Flink's API names the type information of the classes that it has a name for.
var apiNames = [...]string{
	javatype.Boolean: "Types.BOOLEAN", javatype.Byte: "Types.BYTE", javatype.Short: "Types.SHORT", javatype.Int: "Types.INT",
	javatype.Long: "Types.LONG", javatype.Float: "Types.FLOAT", javatype.Double: "Types.DOUBLE", javatype.String: "Types.STRING",
	javatype.Bytes: "Types.PRIMITIVE_ARRAY(Types.BYTE)", javatype.Instant: "Types.INSTANT",
	javatype.UtilDate: "BasicTypeInfo.DATE_TYPE_INFO", javatype.SQLTimestamp: "Types.SQL_TIMESTAMP",
	javatype.LocalDate: "Types.LOCAL_DATE", javatype.LocalTime: "Types.LOCAL_TIME", javatype.LocalDateTime: "Types.LOCAL_DATE_TIME",
	javatype.BigDecimal: "Types.BIG_DEC", javatype.Void: "Types.VOID",
}

// A Fault is a known fault of Flink that values of a type meet.
type Fault struct {
	Path     string          `json:"path"`
	Versions string          `json:"versions"`
	Text     string          `json:"text"`
	Lines    []javatype.Line `json:"-"` // that have it
}

// Faults returns the known faults that records of choices meet.
func Faults(choices []Choice) []Fault {
	var faults []Fault
	for _, c := range choices {
		if c.Flink2 != nil && c.Flink2.Kryo && holds(c.Type, func(t *javatype.Type) bool {
			return t.Class == javatype.Array && (t.Elem.Class == javatype.Short || t.Elem.Class == javatype.Float) && t.Elem.Primitive()
		}, nil) {
			faults = append(faults, Fault{c.Path, "2.2.1, 2.3.0", "Flink cannot always read back what Kryo wrote: after a short[] of 1 to 3 elements or a float[] of 1 the rest of the record is read from the wrong place", []javatype.Line{javatype.Flink2}})
		}
		if c.Type.Class == javatype.SQLTimestamp && c.Type.Nullable() {
			faults = append(faults, Fault{c.Path, "1.20 to 2.3", "a null java.sql.Timestamp is written in 12 bytes and read from 8; a POJO's null byte keeps null from its serializer, a tuple or a ListState does not", []javatype.Line{javatype.Flink1, javatype.Flink2}})
		}
		if s := c.Flink1; s != nil && s.Kryo && holds(c.Type, func(t *javatype.Type) bool {
			return t.Class >= javatype.Instant && t.Class <= javatype.LocalDateTime && t.Class != javatype.UtilDate && t.Class != javatype.SQLTimestamp
		}, nil) {
			faults = append(faults, Fault{c.Path, "1.20", "Kryo 2.24 writes java.time by its private fields: it needs --add-opens, and its bytes can change with the JDK", []javatype.Line{javatype.Flink1}})
		}
		if s := c.Flink1; s != nil && s.Kryo && c.Type.StaleGenerics() != "" {
			faults = append(faults, Fault{c.Path, "1.20", javatype.StaleText(c.Type.StaleGenerics()), []javatype.Line{javatype.Flink1}})
		}
		if s := c.Flink1; s != nil && s.Kryo && c.Type.NullsInArrays() {
			faults = append(faults, Fault{c.Path, "1.20", "Flink cannot read back what Kryo 2.24 wrote: behind a null array in an array of arrays, lists and maps lose the type arguments of the field", []javatype.Line{javatype.Flink1}})
		}
	}
	return faults
}

// holds reports whether f is true of t or of something inside it.
func holds(t *javatype.Type, f func(*javatype.Type) bool, inside []*javatype.Record) bool {
	if f(t) {
		return true
	}
	if t.Elem != nil && holds(t.Elem, f, inside) {
		return true
	}
	for _, b := range t.Branches {
		if b != nil && holds(b, f, inside) {
			return true
		}
	}
	if t.Record == nil || slices.Contains(inside, t.Record) {
		return false
	}
	inside = append(slices.Clip(inside), t.Record)
	return slices.ContainsFunc(t.Record.Fields, func(x javatype.Field) bool { return holds(x.Type, f, inside) })
}
