package explain

import (
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
		fb.Remedies = append(fb.Remedies, Remedy{"registering its classes, such as java.util.ArrayList, with Kryo (pipeline.serialization-config), which keeps Kryo and drops their names", &saves})
	}
	return fb, nil
}

// priced returns r with what it saves of the bytes that a place takes now, and whether it works for such a record. The POJO's
// null byte stays.
func (t *tally) priced(r typeinfo.Remedy, now *shares.Sum, path string) (remedy Remedy, works bool, err error) {
	unknown := Remedy{Text: r.Text}
	takes := func(bytes float64) Remedy {
		saves := now.Under(path) - bytes
		return Remedy{r.Text, &saves}
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
