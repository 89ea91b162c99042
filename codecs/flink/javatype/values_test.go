package javatype

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"pgregory.net/rapid"
)

// The days of dates, as LocalDate.toEpochDay counts them: that of Flink's vectors, the ends of an int of days, of a long of
// milliseconds and of LocalDate itself.
func TestDay(t *testing.T) {
	for _, tt := range []struct {
		day              int64
		year, month, dom int
	}{
		{0, 1970, 1, 1},
		{-1, 1969, 12, 31},
		{19782, 2024, 2, 29},
		{-719468, 0, 3, 1},
		{-719528, 0, 1, 1},
		{-719529, -1, 12, 31},
		{2932896, 9999, 12, 31},
		{2932897, 10000, 1, 1},
		{math.MaxInt32, 5881580, 7, 11},
		{math.MinInt32, -5877641, 6, 23},
		{math.MaxInt64 / 86400000, 292278994, 8, 17},
		{math.MinInt64/86400000 - 1, -292275055, 5, 16},
		{365241780471, 999999999, 12, 31},
		{-365243219162, -999999999, 1, 1},
	} {
		if y, m, d := Day(tt.day); y != tt.year || m != tt.month || d != tt.dom {
			t.Errorf("Day(%d) = %d-%d-%d, want %d-%d-%d", tt.day, y, m, d, tt.year, tt.month, tt.dom)
		}
		if got, err := EpochDay(tt.year, tt.month, tt.dom); got != tt.day || err != nil {
			t.Errorf("EpochDay(%d, %d, %d) = %d, %v, want %d", tt.year, tt.month, tt.dom, got, err, tt.day)
		}
	}
}

func TestNoDate(t *testing.T) {
	for _, tt := range [][3]int{
		{2023, 2, 29}, {1900, 2, 29}, {2024, 2, 30}, {2024, 4, 31}, {2024, 0, 1}, {2024, 13, 1}, {2024, 1, 0}, {2024, 1, 32},
		{1000000000, 1, 1}, {-1000000000, 12, 31}, {math.MaxInt, 1, 1}, {math.MinInt, 1, 1},
	} {
		if day, err := EpochDay(tt[0], tt[1], tt[2]); !errors.Is(err, ErrDate) {
			t.Errorf("EpochDay(%d, %d, %d) = %d, %v, want %v", tt[0], tt[1], tt[2], day, err, ErrDate)
		}
	}
}

// Dates go back and forth over the whole range of LocalDate, day by day; package time agrees where it has the date.
func TestDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.Int64Range(-365243219162, 365241780471).Draw(t, "day")
		y, m, d := Day(day)
		if got, err := EpochDay(y, m, d); got != day || err != nil {
			t.Fatalf("EpochDay(%d, %d, %d) = %d, %v, want %d", y, m, d, got, err, day)
		}
		if y > 1000000 || y < -1000000 {
			return
		}
		wantY, wantM, wantD := time.Unix(day*SecondsPerDay, 0).UTC().Date()
		if y != wantY || m != int(wantM) || d != wantD {
			t.Fatalf("Day(%d) = %d-%d-%d, want %d-%d-%d", day, y, m, d, wantY, wantM, wantD)
		}
	})
}

// Times are taken apart and put together again over the whole range of their 64 bits.
func TestTimes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := Type{Units: rapid.SampledFrom([]int64{1e3, 1e6}).Draw(t, "units a second")}
		v := rapid.OneOf(rapid.Int64(), rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, -1, 0, math.MaxInt64})).Draw(t, "time")
		sec, nanos := typ.SplitTime(v)
		if got, err := typ.JoinTime(sec, nanos); got != v || err != nil {
			t.Fatalf("JoinTime(%d, %d) = %d, %v, want %d", sec, nanos, got, err, v)
		}
		day, nano := typ.SplitDateTime(v)
		if nano < 0 || nano >= SecondsPerDay*1e9 {
			t.Fatalf("SplitDateTime(%d): nanosecond %d of a day", v, nano)
		}
		if got, err := typ.JoinTime(day*SecondsPerDay+nano/1e9, int32(nano%1e9)); got != v || err != nil {
			t.Fatalf("SplitDateTime(%d) = %d, %d, which is %d again, %v", v, day, nano, got, err)
		}
	})
}

func TestJoinTime(t *testing.T) {
	for _, tt := range []struct {
		units, sec int64
		nanos      int32
		want       string
	}{
		{1e3, 1, 500000, "500000 nanoseconds do not fit a time of 1000 units a second"},
		{1e6, 1, 2, "2 nanoseconds do not fit a time of 1000000 units a second"},
		{1e3, 1, -1, "-1 nanoseconds do not fit a time of 1000 units a second"},
		{1e3, 1, 1e9, "1000000000 nanoseconds do not fit a time of 1000 units a second"},
		{1e3, math.MaxInt64 / 1000, 808e6, "9223372036854775 seconds do not fit a time of 64 bits"},
		{1e6, math.MinInt64, 0, "-9223372036854775808 seconds do not fit a time of 64 bits"},
	} {
		typ := Type{Units: tt.units}
		if got, err := typ.JoinTime(tt.sec, tt.nanos); err == nil || err.Error() != tt.want {
			t.Errorf("JoinTime(%d, %d) of %d units = %d, %v, want %s", tt.sec, tt.nanos, tt.units, got, err, tt.want)
		}
	}
}

// A date that LocalDate has and an int of days has not is an error, not another date.
func TestSetDay(t *testing.T) {
	for _, tt := range []struct {
		day  int64
		fits bool
	}{{math.MaxInt32, true}, {math.MinInt32, true}, {math.MaxInt32 + 1, false}, {math.MinInt32 - 1, false}, {365241780471, false}} {
		_, r := place(t, `{"type": "int", "logicalType": "date"}`, `0`)
		err := SetDay(r, tt.day)
		if tt.fits && (err != nil || int64(r.Int()) != tt.day) || !tt.fits && !errors.Is(err, ErrDate) {
			t.Errorf("SetDay(%d): got %d, error %v, want it to fit: %v", tt.day, r.Int(), err, tt.fits)
		}
	}
}

// place returns the Java type of the one field of a record, and where its value lies: what is null is Nil.
func place(t testing.TB, typ, value string) (*Type, access.Ref) {
	t.Helper()
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "f", "type": `+typ+`}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	at, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	v := at.New()
	if err := access.Unmarshal(at, []byte(`{"f": `+value+`}`), v); err != nil {
		t.Fatal(err)
	}
	r, err := at.Ref(v)
	if err != nil {
		t.Fatal(err)
	}
	f := Of(at).Record.Fields[0]
	return f.Type, f.Type.Load(r.At(f.Offset))
}
