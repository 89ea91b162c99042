package row

import (
	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
)

// appendDate appends a day since the epoch as LocalDateSerializer does.
func appendDate(dst []byte, day int64) []byte {
	year, month, dayOfMonth := javatype.Day(day)
	return append(dataio.AppendInt(dst, int32(year)), byte(month), byte(dayOfMonth))
}

// appendTime appends a time of day as LocalTimeSerializer does.
func appendTime(dst []byte, nanoOfDay int64) []byte {
	hour, minute, second, nano := javatype.Clock(nanoOfDay)
	return dataio.AppendInt(append(dst, byte(hour), byte(minute), byte(second)), int32(nano))
}

// readDate undoes appendDate.
func readDate(r *dataio.Reader) (int64, error) {
	year, err := r.Int()
	if err != nil {
		return 0, err
	}
	b, err := r.Take(2)
	if err != nil {
		return 0, err
	}
	return javatype.EpochDay(int(year), int(b[0]), int(b[1]))
}

// readTime undoes appendTime.
func readTime(r *dataio.Reader) (int64, error) {
	b, err := r.Take(3)
	if err != nil {
		return 0, err
	}
	nano, err := r.Int()
	if err != nil {
		return 0, err
	}
	return javatype.NanoOfDay(int(b[0]), int(b[1]), int(b[2]), int(nano))
}
