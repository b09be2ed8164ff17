# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # variables of test.sh and expect.sh
#
# decode.sh - statuses one by one, and input that is none

# What people met and asked about in public.
field_cases()
{
	decodes 'field: old BIOS, SYS.INIT 0xc000090000000000' \
		0x21 0xc000090000000000 <<-'END'
	leaf      TDH.SYS.INIT (33, 0x21)
	status    TDX_INCORRECT_CPUID_VALUE (0xc000090000000000)
	END
	decodes 'field: TSX_CTRL, leaf 33 0xc000092100000122' \
		33 0xc000092100000122 <<-'END'
	leaf      TDH.SYS.INIT (33, 0x21)
	status    TDX_INCORRECT_MSR_VALUE (0xc000092100000122)
	details   MSR 0x122 IA32_TSX_CTRL
	END
	decodes 'field: TDX module 1.0, SYS.RD 0xc000050500000000' \
		0x22 0xc000050500000000 <<-'END'
	leaf      TDH.SYS.RD (34, 0x22)
	status    TDX_SYS_NOT_READY (0xc000050500000000)
	END
	decodes 'field: PAGE.RECLAIM 0xc000030000000001' \
		0x1c 0xc000030000000001 <<-'END'
	leaf      TDH.PHYMEM.PAGE.RECLAIM (28, 0x1c)
	status    TDX_PAGE_METADATA_INCORRECT (0xc000030000000001)
	details   operand RCX (id 1)
	END
	decodes 'field: PAGE.DEMOTE 0xc0000b0800000001' \
		0xf 0xc0000b0800000001 <<-'END'
	leaf      TDH.MEM.PAGE.DEMOTE (15, 0xf)
	status    TDX_TLB_TRACKING_NOT_DONE (0xc0000b0800000001)
	END
	decodes 'field: MNG.INIT 0xc000010000000045' \
		TDH.MNG.INIT 0xc000010000000045 <<-'END'
	leaf      TDH.MNG.INIT (21, 0x15)
	status    TDX_OPERAND_INVALID (0xc000010000000045)
	details   operand CPUID_CONFIG (id 69)
	END
	decodes 'field: a CPU offline, SYS.CONFIG 0xc000050c00000000' \
		0x2d 0xc000050c00000000 <<-'END'
	leaf      TDH.SYS.CONFIG (45, 0x2d)
	status    TDX_SYS_CONFIG_NOT_PENDING (0xc000050c00000000)
	END
	decodes 'field: memory outside CMRs, SYS.CONFIG 0xc0000a1100000102' \
		0x2d 0xc0000a1100000102 <<-'END'
	status    TDX_PAMT_OUTSIDE_CMRS (0xc0000a1100000102)
	details   TDMR 2, its 2M PAMT
	END
	decodes 'field: module not loaded, VMfailInvalid' \
		0x8000ff00ffff0000 <<-'END'
	status    TDX_SEAMCALL_VMFAILINVALID (0x8000ff00ffff0000)
	END
}

detail_cases()
{
	decodes 'details: MSR with a cure of its own' 0xc0000921000000bd <<-'END'
	details   MSR 0xbd IA32_XAPIC_DISABLE_STATUS
	remedy    set x2APIC and clear 'x2APIC opt-out' in the BIOS
	END
	decodes 'details: an MSR without a name' 0xc000092000000777 <<-'END'
	details   MSR 0x777
	remedy    power the platform off and on; if it stays, update BIOS and microcode
	END
	decodes 'details: package' 0xc000090600000009 <<-'END'
	details   package 9
	END
	decodes 'details: CPUID leaf' 0xc00009088000001f <<-'END'
	details   CPUID leaf 0x8000001f
	END
	decodes 'details: SMRR' 0xc000091000000001 <<-'END'
	details   SMRR 1
	END
	decodes 'details: SMRR and CMR' 0xc000091200001f01 <<-'END'
	details   SMRR 1, CMR 31
	END
	decodes 'details: TDMR' 0xc0000a000000003f <<-'END'
	details   TDMR 63
	END
	decodes 'details: TDMR and PAMT level' 0xc0000a1000000204 <<-'END'
	details   TDMR 4, its 1G PAMT
	END
	decodes 'details: PAMT overlap' 0xc0000a1200050003 <<-'END'
	details   4K PAMT of TDMR 3, against TDMR 5
	END
	decodes 'details: reserved area' 0xc0000a2100000f07 <<-'END'
	details   TDMR 7, reserved area 15
	END
	decodes 'details: Secure EPT level' 0xc0000b0b00000001 <<-'END'
	details   level 1 (2 MiB)
	END
	decodes 'details: L2 VM and level' 0xc0000b0f00030002 <<-'END'
	details   L2 VM 3, level 2 (1 GiB)
	END
	decodes 'details: a limit' 0xc000082500000800 <<-'END'
	details   the limit is 2048
	END
	decodes 'details: an operand that is not in the list' \
		0x80000200000000ff <<-'END'
	details   operand id 255, which is not in the list
	END
	decodes 'details: KET, the busy key engine' 0x80000200000000bb <<-'END'
	details   operand KET (id 187)
	END
	decodes 'details: of a status that has none' 0x8000020200000007 <<-'END'
	details   0x7, which this status does not define
	END
	decodes 'details: VMX exit reason' VP.ENTER 0x4d <<-'END'
	leaf      TDH.VP.ENTER (0, 0x0)
	details   VMX exit reason 77, TDCALL
	END
	decodes 'details: exit reason of a TD that cannot go on' \
		0 0x6000000200000002 <<-'END'
	status    TDX_NON_RECOVERABLE_TD (0x6000000200000002)
	details   VMX exit reason 2, TRIPLE_FAULT
	END
	decodes 'details: CPUID leaf and values from registers' \
		33 0xc000090000000000 rcx=0x0000000100000007 \
		rdx=0x0000000200000001 r8=0 r9=0x00000002000000ff r10=0 <<-'END'
	cpuid     leaf 0x7, subleaf 0x1
	          EAX & 0x1 must be 0xff
	          EBX & 0x2 must be 0x2
	END
	decodes 'details: CPUID masks alone, no subleaf' \
		35 0xc000090200000000 RCX=18446744069414584321 R8=15 <<-'END'
	cpuid     leaf 0x1
	          ECX & 0xf
	END
	decodes 'a leaf with its version' 0x10016 0 <<-'END'
	leaf      TDH.VP.INIT (22, 0x16), version 1
	END
	decodes 'a leaf that no list has' 42 0x8000020300000000 <<-'END'
	leaf      42 of SEAMCALL, which this list does not know
	END
	decodes 'a TDCALL leaf that no list has' TDG.17 0xc000010000000000 <<-'END'
	leaf      17 of TDCALL, which this list does not know
	details   operand RAX (id 0)
	END
	decodes 'a TDCALL leaf with its version' TDG.0x10007 0 <<-'END'
	leaf      TDG.VM.RD (7, 0x7), version 1
	END
	decodes 'a name that SEAMCALL and TDCALL have is SEAMCALL' \
		vp.enter 0 <<-'END'
	leaf      TDH.VP.ENTER (0, 0x0)
	END
	decodes 'details: what an L2 VM exited for' TDG.VP.ENTER 0xa <<-'END'
	leaf      TDG.VP.ENTER (25, 0x19)
	details   VMX exit reason 10, CPUID
	END
	decodes 'details: TDG.VP.VMCALL is no VP.ENTER' TDG.0 0xa <<-'END'
	leaf      TDG.VP.VMCALL (0, 0x0)
	details   0xa, which this status does not define
	END
	decodes '16 digits without 0x are hex' 33 8000020300000000 <<-'END'
	status    TDX_RND_NO_ENTROPY (0x8000020300000000)
	          tdx_host makes this call again by itself before it gives up
	END
	decodes 'hex digits without 0x, in capitals' C000050500000000 <<-'END'
	status    TDX_SYS_NOT_READY (0xc000050500000000)
	END
	decodes 'a P-SEAMLDR status by the name of its function' \
		SEAMLDR.INSTALL 0x8000000000030001 <<-'END'
	leaf      SEAMLDR.INSTALL of the P-SEAMLDR
	END
	decodes 'a P-SEAMLDR status by the number of its function' \
		0x8000000000000000 0x8000000000020000 <<-'END'
	leaf      0x8000000000000000 of the P-SEAMLDR, SEAMLDR.INFO
	meaning   the signature of the TDX module is not valid
	END

	run decode 33 0xc0000a0100000002
	case $out in
	*'makes this call again'*)
		why "a status that is not retried: $out"
	esac
	verdict 'a status that is not retried is not said to be'

	run decode 0xc0000fff00000000
	exits 1
	says 'status    0xc0000fff00000000'
	case $out in
	*'unknown   '*)
		;;
	*)
		why "$out"
	esac
	verdict 'an unknown status: exit 1, and its bits all the same'

	run decode SEAMLDR.INFO 0x8000000000070000
	exits 1
	verdict 'an unknown P-SEAMLDR status: exit 1'
}

refusals()
{
	refuses 'completion status' decode
	refuses "''" decode ''
	refuses leaf decode '' 0
	refuses '0x1g' decode 0x1g
	refuses '0x' decode 0x
	refuses 'TDX_SYS_BUSY!' decode 'TDX_SYS_BUSY!'
	refuses '1 2' decode '1 2'
	refuses "-" decode -
	refuses '--5' decode --5
	refuses 18446744073709551616 decode 18446744073709551616
	refuses -9223372036854775809 decode -9223372036854775809
	refuses 0x10000000000000000 decode 0x10000000000000000
	refuses TDH.NO.SUCH decode TDH.NO.SUCH 0
	refuses TDG.NO.SUCH decode TDG.NO.SUCH 0
	refuses TDG.SYS.INIT decode TDG.SYS.INIT 0
	refuses TDH.MR.REPORT decode TDH.MR.REPORT 0
	refuses TDG. decode TDG. 0
	refuses TDG.-1 decode TDG.-1 0
	refuses TDG.0x8000000000000000 decode TDG.0x8000000000000000 0
	refuses 0xc000090000000000 decode 0xc000090000000000 33
	refuses third decode 1 2 third
	refuses rsp=1 decode 1 2 rsp=1
	refuses 'rcx=' decode 1 2 rcx=
	refuses 0xzz decode 1 2 rcx=0xzz
	refuses frobnicate frobnicate
	refuses --sysfs status --sysfs
	refuses /nonexistent status --sysfs /nonexistent
	refuses now status now
	refuses x leaves x
	refuses x statuses x
	refuses x --help x

	run
	exits 2
	case $err in
	'usage: '*)
		;;
	*)
		why "$err"
	esac
	verdict 'no command: usage on stderr, exit 2'
	run decode 0x18446744073709551615a
	exits 2
	verdict 'too many hex digits: exit 2'
	run decode 0x000000000000000000008000020200000000
	exits 0
	says 'status    TDX_SYS_BUSY (0x8000020200000000)'
	verdict 'leading zeros do not count'
}
