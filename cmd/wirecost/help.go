package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/internal/near"
)

// helpWidth is how many columns a page of help has.
const helpWidth = 120

// newHelp replaces cobra's help command, which ends with 0 for a command that does not exist.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:     "help [command]",
		Short:   "show the help of a command",
		Example: "  wirecost help run",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return commandNames(cmd.Root()), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				typed := strings.Join(args, " ")
				return fmt.Errorf("no command %q to help with: %s", typed, near.Hint(typed, commandNames(cmd.Root())))
			}
			of.InitDefaultHelpFlag() // cobra adds them when a command runs
			of.InitDefaultVersionFlag()
			return of.Help()
		},
	}
}

// addCompletion adds cobra's completion command to root, with an error for a shell that it does not know.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	completion, _, err := root.Find([]string{"completion"})
	if err != nil {
		return
	}
	completion.Short = "print the script that completes commands and flags in a shell"
	completion.Long = "Completion prints the script with which a shell completes commands, flags and their values."
	completion.Example = `  source <(wirecost completion bash)
  wirecost completion zsh > "${fpath[1]}/_wirecost"
  wirecost completion fish > ~/.config/fish/completions/wirecost.fish`
	completion.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("completion %q: %s", args[0], near.Hint(args[0], commandNames(cmd)))
		}
		return nil
	}
	completion.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
}

// commandNames returns the names of the commands below cmd that users call.
func commandNames(cmd *cobra.Command) []string {
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}
