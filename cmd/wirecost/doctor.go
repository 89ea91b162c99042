package main

import (
	"context"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/cmd/internal/checks"
	"github.com/wirecost/wirecost/harness/gate/checkup"
	"github.com/wirecost/wirecost/harness/jvm"
)

func newDoctor() *cobra.Command {
	return checks.NewDoctor("wirecost", func(ctx context.Context) checkup.Finding {
		value, remedy := jvm.Look(ctx)
		return checkup.Finding{What: "flink", Value: value, OK: remedy == "", Remedy: remedy}
	})
}
