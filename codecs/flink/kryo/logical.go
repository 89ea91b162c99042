package kryo

import (
	"encoding/binary"
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

// logical writes a value of a class of the JDK, as the serializers of Kryo 5.6 do.
func (e *encoder) logical(dst []byte, n *node, v access.Ref) []byte {
	if e.old {
		return e.logical2(dst, n, v)
	}
	switch n.class {
	case javatype.Instant:
		sec, nanos := n.t.SplitTime(v.Long())
		return appendVarInt(appendVarLong(dst, sec), nanos)
	case javatype.SQLTimestamp:
		sec, nanos := n.t.SplitTime(v.Long())
		return appendVarInt(appendVarLong(dst, sec*1000), nanos)
	case javatype.LocalDate:
		return appendDate(dst, int64(v.Int()))
	case javatype.LocalTime:
		return appendTime(dst, e.nanoOfDay(n, v))
	case javatype.LocalDateTime:
		day, nano := n.t.SplitDateTime(v.Long())
		return appendTime(appendDate(dst, day), nano)
	case javatype.UUID:
		msb, lsb := e.uuid(v)
		return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(dst, msb), lsb)
	}
	return e.sameLogical(dst, n, v)
}

// sameLogical writes the classes whose bytes are the same in both releases of Kryo.
func (e *encoder) sameLogical(dst []byte, n *node, v access.Ref) []byte {
	if n.class == javatype.UtilDate {
		return appendVarLong(dst, v.Long())
	}
	b := javatype.Minimal(n.t.BytesAt(v)) // a BigDecimal
	dst = append(dataio.AppendLeb(dst, uint32(len(b))+1), b...)
	return appendVarInt(dst, zigzag(int32(n.t.Value.Node.Scale)))
}

// uuid returns the halves of the UUID at v.
func (e *encoder) uuid(v access.Ref) (msb, lsb uint64) {
	msb, lsb, err := javatype.ParseUUID(v.Text())
	if err != nil {
		e.fail(err)
	}
	return msb, lsb
}

// nanoOfDay returns the LocalTime at v in nanoseconds.
func (e *encoder) nanoOfDay(n *node, v access.Ref) int64 {
	nano, err := n.t.NanosAt(v)
	if err != nil {
		e.fail(err)
	}
	return nano
}

func appendDate(dst []byte, day int64) []byte {
	year, month, dayOfMonth := javatype.Day(day)
	return append(appendVarInt(dst, int32(year)), byte(month), byte(dayOfMonth))
}

// appendTime appends a time of day without the parts at its end that are zero; of the last part that is there all bits
// are turned over, unless it is the nanoseconds.
func appendTime(dst []byte, nanoOfDay int64) []byte {
	hour, minute, second, nano := javatype.Clock(nanoOfDay)
	switch {
	case nano != 0:
		return appendVarInt(append(dst, byte(hour), byte(minute), byte(second)), int32(nano))
	case second != 0:
		return append(dst, byte(hour), byte(minute), ^byte(second))
	case minute != 0:
		return append(dst, byte(hour), ^byte(minute))
	}
	return append(dst, ^byte(hour))
}

// readLogical undoes logical into the value at v.
func (d *decoder) readLogical(n *node, v access.Ref) error {
	if d.old {
		return d.readLogical2(n, v)
	}
	switch n.class {
	case javatype.Instant:
		return d.readInstant(n, v)
	case javatype.SQLTimestamp:
		return d.readTimestamp(n, v)
	case javatype.LocalDate:
		day, err := d.readDate()
		if err != nil {
			return err
		}
		return javatype.SetDay(v, day)
	case javatype.LocalTime:
		nano, err := d.readClock()
		if err != nil {
			return err
		}
		return n.t.SetNanos(v, nano)
	case javatype.LocalDateTime:
		return d.readDateTime(n, v)
	case javatype.UUID:
		return d.readUUID(v)
	}
	return d.readSameLogical(n, v)
}

// readSameLogical undoes sameLogical.
func (d *decoder) readSameLogical(n *node, v access.Ref) error {
	if n.class != javatype.UtilDate {
		return d.readDecimal(n, v)
	}
	ms, err := d.varLong()
	v.SetLong(ms)
	return err
}

func (d *decoder) readInstant(n *node, v access.Ref) error {
	sec, err := d.varLong()
	if err != nil {
		return err
	}
	nanos, err := d.varInt()
	if err != nil {
		return err
	}
	units, err := n.t.JoinTime(sec, nanos)
	v.SetLong(units)
	return err
}

// readTimestamp reads a java.sql.Timestamp. Its milliseconds without those of the second wrap around for the 808 least values,
// as they do in Java.
func (d *decoder) readTimestamp(n *node, v access.Ref) error {
	whole, err := d.varLong()
	if err != nil {
		return err
	}
	nanos, err := d.varInt()
	if err != nil {
		return err
	}
	ms := whole + int64(nanos)/1e6
	if sec, want := n.t.SplitTime(ms); sec*1000 != whole || want != nanos {
		return fmt.Errorf("%d milliseconds and %d nanoseconds are no Timestamp of milliseconds", whole, nanos)
	}
	v.SetLong(ms)
	return nil
}

func (d *decoder) readDate() (int64, error) {
	year, err := d.varInt()
	if err != nil {
		return 0, err
	}
	b, err := d.Take(2)
	if err != nil {
		return 0, err
	}
	return javatype.EpochDay(int(year), int(b[0]), int(b[1]))
}

// readClock undoes appendTime.
func (d *decoder) readClock() (int64, error) {
	var parts [4]int
	for i := range 3 {
		b, err := d.Byte()
		if err != nil {
			return 0, err
		}
		if int8(b) < 0 {
			parts[i] = int(^b)
			return javatype.NanoOfDay(parts[0], parts[1], parts[2], 0)
		}
		parts[i] = int(b)
	}
	nano, err := d.varInt()
	if err != nil {
		return 0, err
	}
	return javatype.NanoOfDay(parts[0], parts[1], parts[2], int(nano))
}

func (d *decoder) readDateTime(n *node, v access.Ref) error {
	day, err := d.readDate()
	if err != nil {
		return err
	}
	nano, err := d.readClock()
	if err != nil {
		return err
	}
	return n.t.SetDateTime(v, day, nano)
}

func (d *decoder) readDecimal(n *node, v access.Ref) error {
	b, err := d.countedBytes()
	if err != nil {
		return err
	}
	scale, err := d.varInt()
	if err != nil {
		return err
	}
	return n.t.SetDecimal(v, b, unzigzag(scale))
}

func (d *decoder) readUUID(v access.Ref) error {
	b, err := d.Take(16)
	if err != nil {
		return err
	}
	v.SetText(javatype.FormatUUID(binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:])))
	return nil
}
