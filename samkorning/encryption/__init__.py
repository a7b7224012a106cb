"""The one package that encrypts; nothing else imports a cryptography library.

What belongs here: the few operations the service uses, each without options. What must not: files, folders, cases,
settings. Where an encryption key is kept is the keystore's business (``samkorning.keystore``); what is written under
it is the vault's (``samkorning.vault``).
"""
