// Command wiregate fails a build when benchmarks of any Go module get slower or allocate more, and when records grow. It is
// wirecost's compare, gate and doctor, and links no codec: go install builds it in seconds.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/cmd/internal/checks"
	"github.com/wirecost/wirecost/harness/escape"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the command without the process around it.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	signal.Ignore(syscall.SIGPIPE) // a closed stdout is an error of a write, and then no error at all
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return exitCode(execute(ctx, root), stderr)
}

// grace is how long an interrupted command may take to remove what it made.
const grace = 10 * time.Second

// execute runs root until it ends, or until it has had some time to notice the end of ctx.
func execute(ctx context.Context, root *cobra.Command) error {
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(grace):
		return ctx.Err()
	}
}

// exitCode prints err and returns the status it stands for.
func exitCode(err error, stderr io.Writer) int {
	var coded interface{ ExitStatus() int }
	switch {
	case err == nil, errors.Is(err, syscall.EPIPE):
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "wiregate: interrupted")
		return 130
	}
	if text := err.Error(); text != "" {
		fmt.Fprintf(stderr, "wiregate: %s\n", escape.Short(escape.Line(text), 1000))
	}
	if errors.As(err, &coded) {
		return coded.ExitStatus()
	}
	return 1
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "wiregate",
		Short:         "Did this change make it slower, or larger?",
		Version:       checks.Version(),
		Long:          "wiregate builds two revisions of a Go module and says whether its benchmarks got slower or allocate more, on ordinary machines.",
		Example:       "  wiregate gate --base origin/main ./...\n  wiregate compare old.txt new.txt\n  wiregate doctor",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("wiregate {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; see %s --help", err, strings.TrimSpace(cmd.CommandPath()))
	})
	root.AddCommand(checks.NewCompare("wiregate"), checks.NewGate("wiregate", nil), checks.NewDoctor("wiregate"))
	return root
}
