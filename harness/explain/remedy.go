package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs/flink/typeinfo"
	"github.com/wirecost/wirecost/harness/shares"
)

// fallback says why a line leaves a place to Kryo, and which remedies work.
func fallback(t *tally, c typeinfo.Choice, l Line) (Fallback, error) {
	fb := Fallback{Path: c.Path, Flink: l.Key, Reason: typeinfo.Reason(c.Type, l.Line), line: l}
	now, err := t.pojo(l.Line)
	if err != nil || now == nil {
		return fb, err
	}
	for _, r := range typeinfo.Remedies(c.Type, l.Line) {
		remedy, works, err := t.priced(r, now, c.Path)
		if err != nil {
			return fb, err
		}
		if works {
			fb.Remedies = append(fb.Remedies, remedy)
		}
	}
	registered, err := t.registered(l.Line)
	if err != nil {
		return fb, err
	}
	if saves := now.Under(c.Path) - registered.Under(c.Path); saves > 0 {
		fb.Remedies = append(fb.Remedies, Remedy{registering(byName(now, c.Path)), &saves, nil})
	}
	return fb, nil
}

// byName returns the classes that Kryo writes in full at a place and inside it: by the first name of each in a value.
func byName(s *shares.Sum, path string) []string {
	var classes []string
	for _, text := range s.Classes(path) {
		if class := newName(text); class != "" {
			classes = append(classes, class)
		}
	}
	slices.Sort(classes)
	return slices.Compact(classes)
}

// newName returns the class whose name stands in full where a part says so, "" if none does.
func newName(text string) string {
	name, ok := strings.CutPrefix(text, "new name ")
	if !ok {
		return ""
	}
	_, class, _ := strings.Cut(name, ": ")
	return class
}

// registering is the remedy of registering classes with Kryo, of which there are some.
func registering(classes []string) string {
	const most = 3
	names := make([]string, 0, most)
	for _, class := range classes[:min(len(classes), most)] {
		names = append(names, javaName(class))
	}
	if rest := len(classes) - most; rest > 0 {
		names = append(names, fmt.Sprintf("%d more", rest))
	}
	list, drops := names[0], "its name"
	if last := len(names) - 1; last > 0 {
		list, drops = strings.Join(names[:last], ", ")+" and "+names[last], "their names"
	}
	return "registering " + list + " with Kryo (pipeline.serialization-config), which keeps Kryo and drops " + drops
}

// primitives are the types that a letter stands for in the name of an array class.
var primitives = map[string]string{
	"Z": "boolean", "B": "byte", "S": "short", "I": "int", "J": "long", "F": "float", "D": "double",
}

// javaName returns a class as Java source has it, from the name that Class.getName has for it: int[] from [I.
func javaName(class string) string {
	elem := strings.TrimLeft(class, "[")
	dims := len(class) - len(elem)
	switch {
	case dims == 0:
		return class
	case primitives[elem] != "":
		elem = primitives[elem]
	default:
		elem = strings.TrimSuffix(strings.TrimPrefix(elem, "L"), ";")
	}
	return elem + strings.Repeat("[]", dims)
}

// priced returns r with what it saves of the bytes that a place takes now, and whether it works for such a record. The POJO's
// null byte stays.
func (t *tally) priced(r typeinfo.Remedy, now *shares.Sum, path string) (remedy Remedy, works bool, err error) {
	unknown := Remedy{Text: r.Text}
	takes := func(bytes float64) Remedy {
		saves := now.Under(path) - bytes
		return Remedy{r.Text, &saves, nil}
	}
	switch {
	case r.Unknown:
		return unknown, true, nil
	case r.Codec == "":
		return takes(now.Null(path) + float64(r.Bytes)*now.Values(path)), true, nil
	}
	sum, err := t.named(r.Codec)
	switch {
	case err != nil:
		return Remedy{}, false, err
	case t.isPOJO(r.Codec) && sum == nil: // the record is none
		return Remedy{}, false, nil
	case t.isPOJO(r.Codec):
		return takes(sum.Under(path)), true, nil
	case sum == nil: // another field keeps the record from being a row, which is nothing to this one
		return unknown, true, nil
	}
	return takes(now.Null(path) + sum.Under(path) - sum.Null(path)), true, nil
}
