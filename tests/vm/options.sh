# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # run sets and reads them
#
# options.sh - what run can be asked to do. Sourced by run.

usage()
{
	cat <<'END'
usage: tests/vm/run [OPTION...] (--cmd 'SHELL' | --scenario NAME | --shell)

boots a stock distribution kernel with the modules of this tree in a VM, and
  --cmd 'SHELL'      runs a shell command there, prints its output and exits
                     with its status
  --scenario NAME    runs tests/scenarios/*/NAME.sh
  --after FILE       and then FILE, as if the scenario ended with it
  --shell            gives you a shell in it

  --kernel VERSION|PATH    6.1.0-56-amd64, 6.1, or where one is unpacked
  --smp N[,sockets=M][,maxcpus=X]         CPUs (1)
  --mem SIZE[,maxmem=SIZE,slots=N]        memory (1G)
  --nodes N                NUMA nodes, which share memory and sockets equally
  --virtio-mem ID=SIZE@BASE               a virtio-mem device; at boot, none of
                                          its memory is plugged
  --cpu MODEL              QEMU's CPU model (max), or that of Bochs
                           (corei7_skylake_x; KVM wants sapphire_rapids for TDs)
  --emul [OPTION=VALUE]... load tdx_emul, the software TDX module, first; the
                           words with "=" that follow are its parameters.
                           Without --emul the machine has no TDX
  --tcg                    do not use KVM: for instructions that are emulated
                           and so must not exist on the CPU
  --bochs                  use Bochs, whose CPU has real VMX (slow; built once)
  --kvm-tdx                KVM with TDX, as tests/kvm/build.sh has built it, in
                           place of the kernel's own; implies --bochs, and
                           kernel 7.3 with its modules if no other is named
  --guest-qemu             put QEMU into the guest, as Debian's backports have
                           it, with /qemu/firmware, which says on the debug
                           console what it runs in (guest/firmware.S)
  --add FILE[:DEST]        put FILE into the guest, at / or at DEST
  --bzimage                boot the compressed kernel image, not the kernel
                           unpacked from it: slower, but S3 needs it (QEMU
                           loads an unpacked kernel again on resume)
  --kexec                  put the kernel into the guest as /vm/kernel, with the
                           program kexec, which starts it (guest/kexec.c)
  --reboot                 let the guest reboot; its scenario then starts again
                           from the beginning
  --secure-boot CERT       boot by firmware, shim and GRUB, with Secure Boot;
                           CERT (DER) is a key of the machine's owner (MOK),
                           which modules may be signed with
  --modules DIR            take .ko files from DIR before those in build/
  --clock N                the guest takes a second for N, so that what waits is
                           done sooner (TCG, kernels from 5.11 on)
  --append 'WORDS'         more words for the kernel's command line
  --timeout SECONDS        kill the VM after that time (600)
  --log FILE               save the guest's console there
  --verbose                show the guest's console as it comes
  --no-build               do not call make first

The "# vm:" lines of a scenario are read before the options given here.
TDX_VM_VERBOSE=1 is --verbose, TDX_VM_ACCEL=tcg|kvm forces TCG or KVM.

Exit status: that of the command or scenario; 2 after a wrong option; and if
the guest did not get as far as sending one:
  123  the VM could not be prepared or started
  124  time ran out
  125  the guest kernel crashed, or complained loudly (a WARN, an oops,
       lockdep...), or the VM ended without saying how the command did
END
}

defaults()
{
	mode='' cmd='' scenario_file='' after=''
	kernel='' cpu=max smp=1 sockets='' maxcpus='' nodes=''
	mem=1G mem_more='' devices=''
	emul=no emul_args='' tcg=no bochs=no kvm_tdx=no clock=1
	guest_qemu=no bzimage=no kexec=no reboot=no
	mok='' added='' modules='' kvm_modules='' append='' timeout='' log='' verbose=no make=yes
	[ "${TDX_VM_VERBOSE:-0}" = 0 ] || verbose=yes
}

# next_word - move the first word of $_list, ",A,B...", to $_word
next_word()
{
	[ -n "$_list" ] || return
	_list=${_list#,}
	_word=${_list%%,*}
	_list=${_list#"$_word"}
}

# parse_smp SPEC - sets smp, sockets, maxcpus
parse_smp()
{
	smp=${1%%,*}
	sockets=
	maxcpus=
	whole_number --smp "$smp"
	_list=${1#"$smp"}
	while next_word; do
		case $_word in
		sockets=*)
			sockets=${_word#*=}
			whole_number "--smp sockets" "$sockets" ;;
		maxcpus=*)
			maxcpus=${_word#*=}
			whole_number "--smp maxcpus" "$maxcpus" ;;
		*)	bad_option "--smp N[,sockets=M][,maxcpus=X]: '$_word'" \
				"is none of these" ;;
		esac
	done
	_all=${maxcpus:-$smp}
	[ "$_all" -ge "$smp" ] || bad_option "--smp $1: maxcpus is below N"
	[ $((_all % ${sockets:-1})) -eq 0 ] ||
		bad_option "--smp $1: $_all CPUs cannot be shared equally by" \
			"$sockets sockets: make N a multiple of M"
}

size()		# OPTION VALUE
{
	case ${2%[MGT]} in
	''|*[!0-9]*|0*)
		bad_option "$1 wants a size like 512M or 4G, not '$2'" ;;
	esac
}

# parse_mem SPEC - sets mem; mem_more, the rest, goes to QEMU as it is
parse_mem()
{
	mem=${1%%,*}
	size --mem "$mem"
	case $mem in *[MGT]) ;; *) mem=${mem}M ;; esac
	mem_more=${1#"${1%%,*}"}
	_max=no
	_slots=no
	_list=$mem_more
	while next_word; do
		case $_word in
		maxmem=*)
			size "--mem maxmem" "${_word#*=}"
			_max=yes ;;
		slots=*)
			whole_number "--mem slots" "${_word#*=}"
			_slots=yes ;;
		*)	bad_option "--mem SIZE[,maxmem=SIZE,slots=N]:" \
				"'$_word' is none of these" ;;
		esac
	done
	[ $_max = $_slots ] ||
		bad_option "--mem $1: maxmem and slots go together"
}

# parse_virtio_mem SPEC - adds the device to devices, QEMU's options
parse_virtio_mem()
{
	_id=${1%%=*}
	_rest=${1#*=}
	case $1 in
	[a-z]*=*@0x*)	size --virtio-mem "${_rest%%@*}" ;;
	*)	bad_option "--virtio-mem wants ID=SIZE@BASE, not '$1'" ;;
	esac
	devices="$devices -object memory-backend-ram,id=$_id-ram,size=${_rest%%@*}"
	devices="$devices -device virtio-mem-pci,id=$_id,memdev=$_id-ram"
	devices="$devices,memaddr=${_rest#*@},requested-size=0"
}

# parse_emul WORD - one of those that follow --emul
parse_emul()
{
	case $1 in
	*[!A-Za-z0-9_=:,.+-]*)
		bad_option "--emul: '$1' has a character that a module" \
			"parameter cannot have" ;;
	[a-z]*=*)
		emul_args="$emul_args $1" ;;
	*)	bad_option "--emul: '$1' is not of the form OPTION=VALUE" ;;
	esac
}

set_mode()
{
	[ -z "$mode" ] ||
		bad_option "--cmd, --scenario and --shell: one of them, once"
	mode=$1
}

parse()
{
	_opt=
	while [ $# -gt 0 ]; do
		case $_opt:$1 in
		--emul:-*)	;;
		--emul:*)
			parse_emul "$1"
			shift
			continue ;;
		esac
		_opt=$1
		shift
		case $_opt in
		--kernel|--smp|--mem|--nodes|--virtio-mem|--cpu|--add|--modules|\
		--append|--clock|--secure-boot|--timeout|--log|--cmd|--scenario|--after)
			[ $# -gt 0 ] || bad_option "$_opt wants a value after it"
			_val=$1
			shift ;;
		esac
		case $_opt in
		--kernel)	kernel=$_val ;;
		--smp)		parse_smp "$_val" ;;
		--mem)		parse_mem "$_val" ;;
		--nodes)
			whole_number --nodes "$_val"
			nodes=$_val ;;
		--virtio-mem)	parse_virtio_mem "$_val" ;;
		--cpu)		cpu=$_val ;;
		--clock)
			whole_number --clock "$_val"
			clock=$_val ;;
		--append)	append="$append $_val" ;;
		--log)		log=$_val ;;
		--emul)		emul=yes ;;
		--bochs)	bochs=yes ;;
		--kvm-tdx)	bochs=yes kvm_tdx=yes ;;
		--tcg)		tcg=yes ;;
		--bzimage)	bzimage=yes ;;
		--kexec)	kexec=yes ;;
		--guest-qemu)	guest_qemu=yes ;;
		--reboot)	reboot=yes ;;
		--verbose)	verbose=yes ;;
		--no-build)	make=no ;;
		--timeout)
			whole_number --timeout "$_val"
			timeout=$_val ;;
		--secure-boot)
			[ -f "$_val" ] ||
				bad_option "--secure-boot: no file '$_val'"
			mok=$_val ;;
		--modules)
			[ -d "$_val" ] ||
				bad_option "--modules: no directory '$_val'"
			modules=$_val ;;
		--after)
			[ -f "$_val" ] || bad_option "--after: no file '$_val'"
			after=$_val ;;
		--add)
			[ -e "$_val" ] || [ -e "${_val%:*}" ] ||
				bad_option "--add: no file '${_val%:*}'"
			added="$added$_val
" ;;
		--cmd)
			set_mode cmd
			cmd=$_val ;;
		--scenario)	set_mode scenario ;;	# see find_scenario
		--shell)	set_mode shell ;;
		--help|-h)
			usage
			exit 0 ;;
		*)	bad_option "unknown option '$_opt'" ;;
		esac
	done
}

# header FILE - the words of its "# vm:" lines, quoted for the shell
header()
{
	sed -n -e 's/^# vm:[[:space:]]*//p' -e 's/^# bochs[[:space:]]*$/--bochs/p' \
		"$1" | paste -s -d ' ' -
}

scenarios()
{
	for _f in "$top"/tests/scenarios/*/*.sh; do
		[ -f "$_f" ] || continue
		_f=${_f##*/}
		printf '%s\n' "${_f%.sh}"
	done
}

# find_scenario ARGUMENT... - sets scenario_file
find_scenario()
{
	_next=no
	for _word in "$@"; do
		if [ $_next = yes ]; then
			case $_word in
			*/*)	scenario_file=$_word ;;
			*)	scenario_file=$(echo "$top"/tests/scenarios/*/"$_word.sh") ;;
			esac
			[ -f "$scenario_file" ] ||
				bad_option "no scenario '$_word': there are" \
					"$(scenarios | paste -s -d ' ' -)"
			return
		fi
		[ "$_word" != --scenario ] || _next=yes
	done
}

# options ARGUMENT... - what run was asked to do, in the variables of defaults()
options()
{
	defaults
	# Before the other arguments, because a scenario brings options that
	# these may override.
	find_scenario "$@"
	if [ -n "$scenario_file" ]; then
		eval "set -- $(header "$scenario_file") \"\$@\""
	fi
	parse "$@"
	# KVM wants MOVDIR64B, and 48 address bits of a CPU that has them.
	if [ "$kvm_tdx" = yes ]; then
		: "${kernel:=7.3}"
		[ "$cpu" != max ] || cpu=sapphire_rapids
	fi
	[ -z "$mok" ] || [ "$bochs" = no ] ||
		bad_option "--secure-boot cannot be used with --bochs, which" \
			"has a BIOS"
	[ -n "$mode" ] ||
		bad_option "nothing to run: give --cmd, --scenario or --shell"
}
