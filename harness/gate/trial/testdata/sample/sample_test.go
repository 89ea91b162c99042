package sample

import (
	"os"
	"strings"
	"testing"
)

func BenchmarkMix(b *testing.B) {
	x := uint64(88172645463325252)
	for b.Loop() {
		x = Mix(x)
	}
}

func BenchmarkSplit(b *testing.B) {
	for b.Loop() {
		Split("a,b,c,d,e")
	}
}

func BenchmarkTally(b *testing.B) {
	text, err := os.ReadFile("testdata/words.txt")
	if err != nil {
		b.Fatal(err)
	}
	words := strings.Fields(string(text))
	for b.Loop() {
		Tally(words)
	}
}

// BenchmarkTouch has a set-up, and the loop of old.
func BenchmarkTouch(b *testing.B) {
	buf := make([]byte, 1<<20)
	for i := range buf {
		buf[i] = byte(i)
	}
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		Touch(buf[:1<<12])
	}
}

func BenchmarkEncode(b *testing.B) {
	for _, name := range []string{"short", "rather.longer/than that"} {
		b.Run("name="+name, func(b *testing.B) {
			buf := make([]byte, 0, 64)
			for b.Loop() {
				Encode(buf[:0], 7, name)
			}
			b.ReportMetric(float64(len(Encode(nil, 7, name))), "B/set")
		})
	}
}

func BenchmarkParallel(b *testing.B) {
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			Mix(7)
		}
	})
}
