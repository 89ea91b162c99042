package sample

import (
	"bytes"
	"compress/flate"
	"container/heap"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Benchmarks as modules have them, beside those of the sample: what each is bound by differs.

type line struct {
	ID    int64             `json:"id"`
	Name  string            `json:"name"`
	Tags  []string          `json:"tags"`
	Attrs map[string]string `json:"attrs"`
}

var order = line{7, "a name of some length", []string{"new", "north", "large"}, map[string]string{"colour": "blue", "size": "xl"}}

func BenchmarkMarshal(b *testing.B) {
	for b.Loop() {
		if _, err := json.Marshal(order); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnmarshal(b *testing.B) {
	text, err := json.Marshal(order)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var l line
		if err := json.Unmarshal(text, &l); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSort(b *testing.B) {
	from := make([]uint64, 1000)
	x := uint64(88172645463325252)
	for i := range from {
		x = Mix(x)
		from[i] = x
	}
	to := make([]uint64, len(from))
	for b.Loop() {
		copy(to, from)
		slices.Sort(to)
	}
}

func BenchmarkHash(b *testing.B) {
	text := bytes.Repeat([]byte("0123456789"), 100)
	for b.Loop() {
		sha256.Sum256(text)
	}
}

func BenchmarkChecksum(b *testing.B) {
	text := bytes.Repeat([]byte("0123456789"), 1000)
	for b.Loop() {
		crc32.ChecksumIEEE(text)
	}
}

func BenchmarkMatch(b *testing.B) {
	re := regexp.MustCompile(`(\w+)@(\w+)\.com`)
	for b.Loop() {
		re.FindStringSubmatch("write to somebody@example.com about it")
	}
}

func BenchmarkFormat(b *testing.B) {
	for b.Loop() {
		_ = fmt.Sprintf("%s %d %v", "name", 123456, 1.5)
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := strconv.ParseFloat("12345.678901", 64); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVarint(b *testing.B) {
	buf := make([]byte, 0, 16)
	for b.Loop() {
		buf = binary.AppendUvarint(buf[:0], 1234567890123)
	}
}

func BenchmarkReplace(b *testing.B) {
	r := strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")
	for b.Loop() {
		_ = r.Replace("a text with <some> marks & others, which is as long as a line")
	}
}

type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

func BenchmarkHeap(b *testing.B) {
	for b.Loop() {
		var h ints
		for i := range 64 {
			heap.Push(&h, i*37%64)
		}
		for h.Len() > 0 {
			heap.Pop(&h)
		}
	}
}

func BenchmarkCompress(b *testing.B) {
	text := []byte(strings.Repeat("some text that repeats, and some that does not; ", 20))
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		out.Reset()
		w.Reset(&out)
		w.Write(text)
		w.Close()
	}
}

func BenchmarkMultiply(b *testing.B) {
	x, y := new(big.Int).Exp(big.NewInt(7), big.NewInt(500), nil), new(big.Int).Exp(big.NewInt(5), big.NewInt(500), nil)
	z := new(big.Int)
	for b.Loop() {
		z.Mul(x, y)
	}
}
