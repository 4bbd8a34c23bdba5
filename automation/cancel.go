package automation

import "context"

// Cancel takes the stack from whoever holds it: with a backend of the user's own their lock is removed, and a process that
// still runs goes on unprotected; Pulumi Cloud ends their update. Look up what they were doing with Refresh.
func (s *Stack) Cancel(ctx context.Context) error {
	op, err := s.begin(ctx, "cancel", nil)
	if err != nil {
		return err
	}
	if _, err := op.cli("cancel", "--yes", "--stack", op.stackName()); err != nil {
		return op.explain(ctx, err)
	}
	s.notes().clear()
	return nil
}
