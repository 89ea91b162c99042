package records

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/wirecost/wirecost/schemas"
)

// A Hint says what a field that nothing else describes looks like, by its name and type: lengths, alphabets and ranges, so
// that a record is about as large as a real one. It is a guess: a profile that was learned from records is better.
type Hint struct {
	Names   string // of fields: the last words of each in snake case, those of an array or a map for what is in it
	Of      string // types, below null
	Profile string // profile object
	Doc     string // what it looks like
}

// Hints lists the hints. The first that fits a field counts, so that names which end alike stand longest first.
var Hints = []Hint{
	{"trace_id", "string",
		`{"len": 32, "chars": "hex"}`, "32 hexadecimal digits"},
	{"span_id", "string",
		`{"len": 16, "chars": "hex"}`, "16 hexadecimal digits"},
	{"uuid guid event_id request_id correlation_id message_id transaction_id session_id idempotency_key", "string",
		`{"uuid": true}`, "a UUID"},
	{"op", "string",
		`{"top": [["u", 5], ["c", 3], ["d", 1], ["r", 1]]}`, "the operation of a change-data envelope"},
	{"currency currency_code", "string",
		`{"len": 3, "chars": "upper"}`, "three capitals"},
	{"country country_code nationality language lang", "string",
		`{"len": 2, "chars": "upper"}`, "two letters"},
	{"email mail email_address", "string",
		`{"parts": [{"len": {"min": 5, "max": 13}}, "@", {"len": {"min": 5, "max": 10}}, ".com"]}`, "a mail address of some 21 characters"},
	{"url uri link href referrer referer website", "string",
		`{"parts": ["https://", {"len": {"min": 6, "max": 14}}, ".com/", {"len": {"min": 8, "max": 40}, "chars": "words_"}]}`, "https:// and some 40 characters"},
	{"ip ip_address ip_addr remote_addr", "string",
		`{"parts": [{"num": {"min": 1, "max": 255}}, ".", {"num": {"min": 0, "max": 255}}, ".", {"num": {"min": 0, "max": 255}}, ".", {"num": {"min": 1, "max": 254}}]}`, "an IPv4 address"},
	{"host hostname domain server", "string",
		`{"parts": [{"len": {"min": 4, "max": 12}}, ".", {"len": {"min": 5, "max": 10}}, ".com"]}`, "a host name"},
	{"phone phone_number telephone tel mobile msisdn fax", "string",
		`{"parts": ["+", {"len": {"min": 10, "max": 12}, "chars": "digit"}]}`, "+ and 10 to 12 digits"},
	{"postcode postal_code zip zip_code", "string",
		`{"len": {"min": 5, "max": 7}, "chars": "digit"}`, "5 to 7 digits"},
	{"user_agent agent useragent", "string",
		`{"len": {"min": 60, "max": 140}, "chars": "ascii"}`, "60 to 140 characters"},
	{"first_name given_name last_name family_name surname city town", "string",
		`{"parts": [{"len": 1, "chars": "upper"}, {"len": {"min": 3, "max": 10}}]}`, "one word with a capital"},
	{"username user_name login handle nickname", "string",
		`{"len": {"min": 5, "max": 14}, "chars": "alnum"}`, "5 to 14 letters and digits"},
	{"street address address_line_1 address_line1 line1", "string",
		`{"parts": [{"num": {"min": 1, "max": 999}}, " ", {"len": {"min": 8, "max": 20}, "chars": "words"}]}`, "a number and a street"},
	{"name full_name display_name holder", "string",
		`{"parts": [{"len": {"min": 4, "max": 8}}, " ", {"len": {"min": 4, "max": 9}}]}`, "two words"},
	{"status state phase stage outcome result level severity priority", "string",
		`{"len": {"min": 4, "max": 10}, "chars": "upper"}`, "one of some words in capitals"},
	{"type kind category method channel source event action reason role db database table topic connector service app env environment region", "string",
		`{"len": {"min": 5, "max": 12}, "chars": "words_"}`, "a word or two"},
	{"hash sha256 checksum digest fingerprint", "string",
		`{"len": 64, "chars": "hex"}`, "64 hexadecimal digits"},
	{"token secret signature api_key", "string",
		`{"len": 43, "chars": "base64"}`, "32 bytes in base64"},
	{"version", "string",
		`{"parts": [{"num": {"min": 0, "max": 9}}, ".", {"num": {"min": 0, "max": 20}}, ".", {"num": {"min": 0, "max": 20}}]}`, "1.12.0"},
	{"title subject headline", "string",
		`{"len": {"min": 12, "max": 60}, "chars": "words"}`, "12 to 60 characters of words"},
	{"description comment note message text body content summary", "string",
		`{"len": {"min": 20, "max": 120}, "chars": "words"}`, "20 to 120 characters of words"},
	{"date birthday date_of_birth dob day", "string",
		`{"time": {"start": "2026-01-01T00:00:00Z", "num": 1000}, "format": "date"}`, "2026-01-01"},
	{"at ts time timestamp datetime", "string",
		`{"time": {"start": "2026-01-01T00:00:00Z"}, "format": "rfc3339"}`, "2026-01-01T00:00:00.000Z"},
	{"id key ref reference", "string",
		`{"len": {"min": 8, "max": 20}, "chars": "alnum"}`, "8 to 20 letters and digits"},
	{"sku code number barcode", "string",
		`{"len": {"min": 5, "max": 12}, "chars": {"mix": [["upper", 1], ["digit", 2]]}}`, "5 to 12 capitals and digits"},
	{"metadata labels tags attributes attrs headers properties params", "string",
		`{"len": {"min": 4, "max": 16}}`, "4 to 16 letters"},
	{"duration duration_ms latency latency_ms elapsed_ms took_ms timeout_ms ttl ttl_ms age_ms", "int long",
		`{"min": 0, "max": 60000, "shape": "log"}`, "log-uniform up to a minute in milliseconds"},
	{"us micros", "long",
		`{"time": {"start": "2026-01-01T00:00:00Z", "num": 1000, "unit": "us"}}`, "microseconds since 1970"},
	{"ns nanos", "long",
		`{"time": {"start": "2026-01-01T00:00:00Z", "num": 1000000, "unit": "ns"}}`, "nanoseconds since 1970"},
	{"at ts ms time timestamp millis date", "long",
		`{"time": {"start": "2026-01-01T00:00:00Z", "unit": "ms"}}`, "milliseconds since 1970"},
	{"at ts time timestamp date", "int",
		`{"time": {"start": "2026-01-01T00:00:00Z", "den": 1000, "unit": "s"}}`, "seconds since 1970"},
	{"id user account customer", "int long",
		`{"min": 1, "max": 100000000}`, "uniform up to 10^8"},
	{"quantity qty count retries attempts attempt", "int long",
		`{"min": 1, "max": 100, "shape": "log"}`, "log-uniform from 1 to 100"},
	{"amount price total subtotal tax fee cost balance", "int long",
		`{"min": 100, "max": 1000000, "shape": "log"}`, "cents: log-uniform from 100 to 10^6"},
	{"amount price total subtotal tax fee cost balance", "decimal",
		`{"min": 100, "max": 1000000, "shape": "log"}`, "unscaled value log-uniform from 100 to 10^6"},
	{"amount price total subtotal tax fee cost balance", "float double",
		`{"min": 1, "max": 10000, "shape": "log", "scale": 2}`, "log-uniform from 1 to 10,000, with two decimals"},
	{"lat latitude lon lng longitude", "float double",
		`{"min": -90, "max": 90, "scale": 6}`, "degrees with six decimals"},
}

// hint returns the profile that the name of the field around p hints at, nil for none. Logical types have values of their
// own, and what is narrower in Java than in Avro has too few.
func hint(p place) json.RawMessage {
	n := p.node
	of := n.Kind.String()
	switch {
	case n.Logical == schemas.Decimal && n.Precision >= hintedPrecision:
		of = "decimal"
	case n.Logical != schemas.NoLogical || !n.Kind.Scalar() || n.Kind <= schemas.Long && (spec{span: spanOf(p)}).bounded():
		return nil
	}
	name := snake(p.field[strings.LastIndexByte(p.field, '.')+1:])
	one := name
	if p.within > 0 {
		one = strings.TrimSuffix(name, "s")
	}
	for i := range Hints {
		if h := &Hints[i]; slices.Contains(strings.Fields(h.Of), of) && (h.named(name) || h.named(one)) {
			return json.RawMessage(h.Profile)
		}
	}
	return nil
}

// hintedPrecision is the least precision of a decimal whose values are all that a hint can give.
const hintedPrecision = 7

// named reports whether h is for fields called name, in snake case.
func (h *Hint) named(name string) bool {
	for last := range strings.FieldsSeq(h.Names) {
		if name == last || strings.HasSuffix(name, "_"+last) {
			return true
		}
	}
	return false
}

// snake returns a name in snake case.
func snake(name string) string {
	var b strings.Builder
	var before rune
	for i, r := range name {
		switch {
		case r == '-' || r == '.' || r == ' ':
			r = '_'
		case unicode.IsUpper(r) && i > 0 && (unicode.IsLower(before) || unicode.IsDigit(before)):
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return b.String()
}
