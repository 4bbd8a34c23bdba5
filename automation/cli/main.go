package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
)

// Main runs the command and returns the exit code of the process:
//
//	os.Exit(cli.Main(context.Background(), cli.Options{…}))
//
// Of interrupts (Ctrl-C, SIGTERM), the first lets what is under way end and be saved, the second stops at once.
func Main(ctx context.Context, options Options) (code int) {
	defer func() {
		if value := recover(); value != nil {
			fmt.Fprintf(options.Err, "Error: kafkalink panicked: %v\n\n%s\nNext: this is a bug: report it with the lines above\n",
				value, debug.Stack())
			code = cmdutil.ExitInternalError
		}
	}()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	kill := make(chan struct{})
	options.kill = kill
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	ended := make(chan struct{})
	defer close(ended)
	go interrupts(signals, ended, cancel, kill, options.Err)
	return Run(ctx, options)
}

func interrupts(signals <-chan os.Signal, ended <-chan struct{}, cancel func(), kill chan<- struct{}, say interface {
	Write([]byte) (int, error)
}) {
	for count := 0; ; {
		select {
		case <-ended:
			return
		case <-signals:
			count++
		}
		switch count {
		case 1:
			fmt.Fprintln(say, "\nInterrupted: waiting for what is under way, so that it is saved. Again to stop at once.")
			cancel()
		case 2:
			fmt.Fprintln(say, "\nStopping at once.")
			close(kill)
		}
	}
}

// Run runs the command until it ends or the context is cancelled, prints its error, and returns the exit code.
func Run(ctx context.Context, options Options) int {
	a := newApp(options)
	command := root(a)
	command.SetArgs(options.Args)
	err := command.ExecuteContext(ctx)
	if err == nil {
		return cmdutil.ExitSuccess
	}
	return a.fail(err)
}
