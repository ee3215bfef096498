# Settings and folders that make no sense.

begin 'a version that is none'
bootstrap LIMN_TORCH_VERSION=newest
exits 2 "LIMN_TORCH_VERSION is 'newest'"

begin 'a version that is too old'
bootstrap LIMN_TORCH_VERSION=2.4.1
exits 2 'needs libtorch 2.11 or newer'

begin 'an unknown build'
bootstrap LIMN_TORCH_BUILD=tpu
exits 2 'Give cpu, cuda or auto'

begin 'a folder that cannot be written'
touch "$copy/.deps"
bootstrap
exits 6 'Cannot write in'
