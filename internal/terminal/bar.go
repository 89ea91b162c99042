package terminal

import (
	"math"
	"strings"
)

// eighths are the ends of bars.
var eighths = [...]string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}

// Bar draws a share, from 0 to 1, of a bar that is length characters long. What is not nothing has a sign. Ascii says that it
// is drawn in ASCII.
func Bar(share float64, length int, ascii bool) string {
	if !(share > 0) {
		return ""
	}
	share = min(share, 1)
	if ascii {
		return strings.Repeat("#", max(1, int(math.Round(share*float64(length)))))
	}
	n := max(1, int(math.Round(share*float64(8*length))))
	return strings.Repeat("█", n/8) + eighths[n%8]
}
