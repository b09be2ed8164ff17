# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # run sets and reads them
#
# qemu.sh - the VM in QEMU. Sourced by run.

QEMU=qemu-system-x86_64

# qemu_check - is what run was asked for possible with QEMU, on this machine?
qemu_check()
{
	need "$QEMU"
	: "${timeout:=600}"
}

# qemu_smp - the value of QEMU's option -smp
qemu_smp()
{
	_s="$smp,sockets=${sockets:-1}"
	_s="$_s,cores=$((${maxcpus:-$smp} / ${sockets:-1})),threads=1"
	printf '%s,maxcpus=%s\n' "$_s" "${maxcpus:-$smp}"
}

# qemu_nodes - the options for $nodes NUMA nodes of equal size
qemu_nodes()
{
	case $mem in
	*G)	_mib=$((${mem%G} * 1024)) ;;
	*M)	_mib=${mem%M} ;;
	*)	bad_option "--nodes does not go with --mem $mem" ;;
	esac
	[ $((_mib % nodes)) -eq 0 ] ||
		bad_option "--nodes $nodes: --mem $mem cannot be divided among them equally"
	_i=0
	while [ $_i -lt "$nodes" ]; do
		printf ' -object memory-backend-ram,id=ram%s,size=%sM' \
			$_i $((_mib / nodes))
		printf ' -numa node,nodeid=%s,memdev=ram%s' $_i $_i
		_i=$((_i + 1))
	done
	_i=0
	while [ $_i -lt "${sockets:-1}" ]; do
		printf ' -numa cpu,node-id=%s,socket-id=%s' $((_i % nodes)) $_i
		_i=$((_i + 1))
	done
}

# accel - prints "kvm" if a stock guest really reaches userland with it, else
# "tcg"
#
# That there is a /dev/kvm says little: in containers and nested VMs it may be
# impossible to open, or unable to run a kernel. So KVM is tried, once.
accel()
{
	if [ "$tcg" = yes ]; then
		echo tcg
		return
	fi
	case ${TDX_VM_ACCEL:-} in
	kvm|tcg)
		printf '%s\n' "$TDX_VM_ACCEL"
		return ;;
	'')	;;
	*)	bad_option "TDX_VM_ACCEL is kvm or tcg, not '$TDX_VM_ACCEL'" ;;
	esac
	if [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then
		echo tcg
		return
	fi
	_answer=$cache/accel-$( { uname -nrv; $QEMU --version; } |
		cksum | cut -d ' ' -f 1)
	if [ ! -s "$_answer" ]; then
		if try_kvm; then
			_a=kvm
		else
			_a=tcg
		fi
		note "KVM here: $([ $_a = kvm ] && echo works ||
			echo 'does not run a guest'), so VMs use $_a" \
			"(remembered in $_answer)"
		echo $_a >"$_answer.$$"
		mv "$_answer.$$" "$_answer"
	fi
	cat "$_answer"
}

# try_kvm - does a guest reach userland with KVM?
#
# It boots the base archive alone. With no /vm/config in it, init only says
# "up".
try_kvm()
{
	_t=$(mktemp -d "$tmp/kvm.XXXXXX")
	timeout 15 "$QEMU" -accel kvm -cpu max -M q35 -m 512 -nodefaults \
		-no-user-config -display none -no-reboot -smp 2 \
		-kernel "$kelf" -initrd "$base_img" \
		-append 'console=ttyS0 quiet panic=-1' \
		-serial null -serial null -serial "file:$_t/ctl" \
		>/dev/null 2>&1 </dev/null || return 1
	grep -q '^up' "$_t/ctl"
}

# mib FILE - its size, rounded up
mib()
{
	echo $((($(stat -L -c %s "$1") + 1048575) / 1048576))
}

# qemu_memory - exit if kernel and initramfs cannot even be loaded
#
# The kernel is loaded at 16 MiB; while the initramfs is unpacked, it is there
# twice.
qemu_memory()
{
	_initrd=$tmp/initrd
	[ -z "$mok" ] || _initrd=$tmp/esp/initrd
	_least=$((16 + $(mib "$kelf") + 2 * $(mib "$_initrd")))
	case $mem in
	*M)	[ "${mem%M}" -ge $_least ] ||
			bad_option "--mem $mem is too little: the kernel and" \
				"its initramfs alone need $_least MiB" ;;
	esac
}

# refused - did QEMU end with an error before the kernel printed a word? It
# would do the same again. Statuses from 124 on are those of timeout and of
# signals.
refused()
{
	[ "$bochs" = no ] && [ ! -s "$tmp/console" ] &&
		[ "$ended" -gt 0 ] && [ "$ended" -lt 124 ]
}

# refusal - why, as far as an option is known to be the reason
refusal()
{
	if grep -q 'unable to find CPU model' "$tmp/vm.log" 2>/dev/null; then
		echo "--cpu $cpu is no CPU model of this QEMU, see above" \
			"('$QEMU -cpu help' lists them)"
	else
		echo "QEMU does not start a VM with these options, see above" \
			"(status $ended)"
	fi
}

# fast_clock - a kernel believes that the TSC, which is that of this machine, is
# $clock times as slow as it is. Its watchdogs would not understand that this
# machine does something else for a second.
fast_clock()
{
	awk -v n="$clock" '/^cpu MHz/ {
		print "tsc_early_khz=" int($4 * 1000 / n) " nowatchdog"
		exit
	}' /proc/cpuinfo
	echo rcupdate.rcu_cpu_stall_suppress=1
}

# qemu_start - start the VM that the options describe
qemu_start()
{
	kelf=$kimg
	[ "$bzimage" = yes ] || unpacked_kernel
	qemu_memory
	_accel=$(accel)
	[ -n "$_accel" ] || exit 2
	# identify_cpu() clears the LA57 flag for a moment. An interrupt then
	# makes a kernel with KASAN and 5-level page tables report a wild
	# access.
	_args="console=ttyS0,115200 panic=-1 no5lvl"
	if [ "$_accel" = tcg ]; then
		# Things that fail or take long on a busy host, and that no test
		# is about: clock checks, the crypto layer's self-tests, delay
		# calibration, watchdogs for stuck CPUs (run has a timeout).
		_args="$_args tsc=reliable no_timer_check lpj=4000000"
		_args="$_args cryptomgr.notests watchdog_thresh=60"
		_args="$_args rcupdate.rcu_cpu_stall_timeout=120"
		_args="$_args initcall_blacklist=crypto_kdf108_init"
		_args="$_args,init_encrypted,jent_mod_init"
		[ "$clock" = 1 ] || _args="$_args $(fast_clock)"
	fi
	expects_splat || _args="$_args oops=panic"
	set -- -kernel "$kelf" -initrd "$tmp/initrd" -append "$_args$append"
	if [ -n "$mok" ]; then
		uefi_devices "$_args$append"
		# shellcheck disable=SC2086 # words
		set -- $uefi_devices
	elif [ "${maxcpus:-$smp}" -gt "$smp" ] && [ "$kelf" != "$kimg" ]; then
		build_pvhboot
		# Arguments of a multiboot module follow its file name; a comma
		# would end them.
		set -- -kernel "$pvhboot" -initrd "$kelf $(printf '%s' \
			"$_args$append" | sed 's/,/,,/g'),$tmp/initrd"
	fi
	_reboot=reboot=shutdown
	[ "$reboot" = no ] || _reboot=reboot=reset
	if [ "$mode" = shell ]; then
		_args="$_args quiet"
		_con=stdio,id=con,mux=off,signal=off,logfile=$tmp/console
	else
		_con=file,id=con,path=$tmp/console,append=on
	fi
	set -- "$@" -accel "$_accel" -cpu "$cpu" -M q35 -m "$mem$mem_more" \
		-smp "$(qemu_smp)" -nodefaults -no-user-config -display none \
		-action "$_reboot" \
		-chardev "$_con" -device isa-serial,chardev=con,index=0 \
		-chardev "pipe,id=ctl,path=$tmp/ctl" \
		-device isa-serial,chardev=ctl,index=2,irq=5 \
		-chardev "file,id=out,path=$tmp/out" \
		-device isa-serial,chardev=out,index=3 \
		-chardev "pipe,id=qmp,path=$tmp/qmp" -mon chardev=qmp,mode=control
	[ -z "$nodes" ] || devices="$devices$(qemu_nodes)"
	# shellcheck disable=SC2086 # words
	set -- "$@" $devices
	if [ "$mode" = shell ]; then
		# QEMU uses the terminal, so it must stay in its process group.
		set -- timeout --foreground 0 "$QEMU" "$@"
	else
		set -- timeout -k 5 "$timeout" "$QEMU" "$@"
	fi
	start_vm "$@"
}
