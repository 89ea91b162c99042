package records

import (
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/schemas/streams"
	generated "github.com/wirecost/wirecost/schemas/streams/generated"
)

// Making a record beside a hand-written function that makes the same nexmark.Bid: what compiled profiles cost. One core
// should make a million Bids a second or more.
func BenchmarkGenerator(b *testing.B) {
	gen := bids(b)
	b.Run("schema=nexmark.Bid/generator=floor", func(b *testing.B) {
		b.ReportAllocs()
		var f bidFloor
		i := uint64(0)
		for b.Loop() {
			var bid generated.NexmarkBid
			f.fill(i, &bid)
			i++
		}
	})
	b.Run("schema=nexmark.Bid/generator=plan", func(b *testing.B) {
		b.ReportAllocs()
		var bid generated.NexmarkBid
		r, err := gen.source.Type.Ref(&bid)
		if err != nil {
			b.Fatal(err)
		}
		i := uint64(0)
		for b.Loop() {
			gen.Fill(i, r)
			i++
		}
	})
}

func bids(t testing.TB) *Generator {
	t.Helper()
	s, err := streams.Get("nexmark.Bid")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return plan.Generator(1)
}

// The floor makes what the generator makes.
func TestBidFloor(t *testing.T) {
	gen := bids(t)
	var f bidFloor
	for i := range uint64(2000) {
		var got generated.NexmarkBid
		f.fill(i*i, &got)
		want := gen.New(i * i)
		if diff := cmp.Diff(want, any(&got)); diff != "" {
			t.Fatalf("record %d (-generator +floor):\n%s", i*i, diff)
		}
	}
}

// A bidFloor makes nexmark.Bid with seed 1, its profile written out by hand.
type bidFloor struct{ buf []byte }

var (
	auctionKey, bidderKey, priceKey, extraKey = hash("auction"), hash("bidder"), hash("price"), hash("extra")
	labelKey, urlIDKey, urlIDOddsKey          = hash("@channel"), hash("url/7/1"), hash("url/7?")
	urlKeys                                   = [3]uint64{hash("url/1"), hash("url/3"), hash("url/5")}
	hotChannels                               = [4]string{"Google", "Facebook", "Baidu", "Apple"}
	hotURLs                                   = [4]string{
		"https://www.nexmark.com/zot/q_b/arlk/item.htm?query=1", "https://www.nexmark.com/mwe/hhai/skq/item.htm?query=1",
		"https://www.nexmark.com/vua/x_r/nbp/item.htm?query=1", "https://www.nexmark.com/igpy/ode/fzl/item.htm?query=1",
	}
	wordBytes  = wordSet('_').bytes
	priceSteps = logSteps(1e8 - 100 + 2)
)

func (f *bidFloor) fill(i uint64, b *generated.NexmarkBid) {
	s := root(1, i)
	b.Auction = recentID(s.stream(auctionKey), int64(i*3/46), 1<<31, 0, 100)
	b.Bidder = recentID(s.stream(bidderKey), int64(i/46), 3<<30, 1, 999)
	price := s.stream(priceKey)
	y := priceSteps * (price.next() >> 32)
	b.Price = 99 + int64(min(uint64(exp2frac(uint32(y>>20))*float64(uint64(1)<<(y>>52))), 1e8-100+1))
	f.channel(s, b)
	b.DateTime = 1700000000000 + int64(i*5/46)
	extra := s.stream(extraKey)
	f.buf = appendChars(f.buf[:0], &extra, 54+int(extra.below(28)), lower, 8)
	b.Extra = string(f.buf)
}

func recentID(s stream, last int64, hot uint64, offset, back int64) int64 {
	if s.event(hot) {
		return 1000 + last - last%100 + offset
	}
	lo := max(0, last-back)
	return 1000 + lo + int64(s.below(uint64(last-lo+1+10)))
}

func (f *bidFloor) channel(s scope, b *generated.NexmarkBid) {
	pick := s.stream(labelKey)
	if pick.event(1 << 31) {
		e := pick.below(4)
		b.Channel, b.URL = hotChannels[e], hotURLs[e]
		return
	}
	e := 4 + pick.below(10000)
	f.buf = strconv.AppendUint(append(f.buf[:0], "channel-"...), e-4, 10)
	b.Channel = string(f.buf)
	s = dict(1, labelKey, e)
	f.buf = append(f.buf[:0], "https://www.nexmark.com/"...)
	for _, key := range urlKeys {
		word := s.stream(key)
		f.buf = append(appendChars(f.buf, &word, 3+int(word.below(2)), wordBytes, 4), '/')
	}
	f.buf = append(f.buf, "item.htm?query=1"...)
	if odds := s.stream(urlIDOddsKey); odds.event(threshold(0.9)) {
		id := s.stream(urlIDKey)
		f.buf = strconv.AppendUint(append(f.buf, "&channel_id="...), id.below(1<<31), 10)
	}
	b.URL = string(f.buf)
}

func appendChars(dst []byte, s *stream, n int, set string, each int) []byte {
	for n > 0 {
		x := s.next()
		for range min(n, each) {
			v := hi(x, uint64(len(set)))
			x *= uint64(len(set))
			dst = append(dst, set[v])
		}
		n -= each
	}
	return dst
}
