// Package mediatest is the contract of media.Store as a test suite, and a real
// MinIO server for tests.
//
// A new store is done when [Run] passes:
//
//	func TestDisk(t *testing.T) {
//		mediatest.Run(t, func(t *testing.T) media.Store { … empty store … })
//	}
//
// [StartMinIO] starts a server of the test's own, so a test may kill or freeze
// it. The binary is $SONGFA_TEST_MINIO, `minio` in PATH, or
// ~/.cache/songfa-test/bin/minio, where `make test` puts it. Without one the
// test is skipped with a line that says so; in CI it fails.
package mediatest
