// Package vault keeps personal data (个人信息) unreadable to whoever has only the
// database, as the Personal Information Protection Law (个人信息保护法) article 51
// asks of those who hold it.
//
// # What is kept how
//
//   - What must be read again (a name, a phone number) is sealed: [Vault.Seal]
//     makes one text of it, encrypted with AES-256-GCM under a key of that row
//     alone, which is itself encrypted with the master key. The row it belongs
//     to is part of the seal: a text moved to another row does not open. Wiping
//     is writing "" over it.
//   - What must only be found again (is this number signed up already?) is blind:
//     [Vault.Blind] is an HMAC, the same for the same value, useless without the
//     key.
//   - What its owner holds (a code to read aloud, a link, the QR of a ticket) is
//     derived from the row's id with a key: [Vault.Code], [Vault.Token]. The
//     database holds nothing that could be turned into one.
//   - What staff see by default is masked: [MaskName], [MaskPhone].
//
// The keys come from the secret file, outside the database. Who loses that file
// loses what was sealed; backups of it belong in a safe (docs/deploy).
package vault
