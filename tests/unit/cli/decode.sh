# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # variables of test.sh and expect.sh
#
# decode.sh - what details, leaves and registers say

test_decode()
{
	decodes 0xc0000921000000bd \
		'details MSR 0xbd IA32_XAPIC_DISABLE_STATUS' \
		"remedy set x2APIC and clear 'x2APIC opt-out' in the BIOS"
	decodes 0xc000092000000777 'details MSR 0x777' \
		'remedy power the platform off and on'
	decodes 0xc000090600000009 'details package 9'
	decodes 0xc00009088000001f 'details CPUID leaf 0x8000001f'
	decodes 0xc000091000000001 'details SMRR 1 '
	decodes 0xc000091200001f01 'details SMRR 1, CMR 31'
	decodes 0xc0000a000000003f 'details TDMR 63'
	decodes 0xc0000a1000000204 'details TDMR 4, its 1G PAMT'
	decodes 0xc0000a1200050003 'details 4K PAMT of TDMR 3, against TDMR 5'
	decodes 0xc0000a2100000f07 'details TDMR 7, reserved area 15'
	decodes 0xc0000b0b00000001 'details level 1 (2 MiB)'
	decodes 0xc0000b0f00030002 'details L2 VM 3, level 2 (1 GiB)'
	decodes 0xc000082500000800 'details the limit is 2048'
	decodes 0x80000200000000ff 'details operand id 255, which is not in the list'
	decodes 0x80000200000000bb 'details operand KET (id 187)'
	decodes 0x8000020200000007 'details 0x7, which this status does not define'
	verdict "details of every kind"

	decodes 'VP.ENTER 0x000000000000004d' 'leaf TDH.VP.ENTER (0, 0x0)' \
		'details VMX exit reason 77, TDCALL'
	decodes '0 0x6000000200000002' 'status TDX_NON_RECOVERABLE_TD' \
		'details VMX exit reason 2, TRIPLE_FAULT' \
		'fatal yes (bit 61)'
	decodes 'TDG.VP.ENTER 0x000000000000000a' 'leaf TDG.VP.ENTER (25, 0x19)' \
		'details VMX exit reason 10, CPUID'
	decodes 0x000000000000000a 'details 0xa; if the leaf is VP.ENTER: VMX exit reason 10'
	decodes 'TDG.0 0x000000000000000a' 'leaf TDG.VP.VMCALL (0, 0x0)' \
		'details 0xa, which this status does not define'
	decodes 'VP.ENTER 0x0000000084000030' 'bit 26: a bus lock' \
		'error yes (bit 31 of VP.ENTER)' 'remedy none at the machine'
	decodes 'VP.ENTER 0x8000020080000092' 'error yes (bit 63)' \
		'details operand id 2147483794'
	verdict "why VP.ENTER ended, and that it was no entry"

	decodes '33 0xc000090000000000 rcx=0x0000000100000007
		rdx=0x0000000200000001 r8=0 r9=0x00000002000000ff r10=0' \
		'cpuid leaf 0x7, subleaf 0x1' 'EAX & 0x1 must be 0xff' \
		'EBX & 0x2 must be 0x2'
	decodes '35 0xc000090200000000 RCX=18446744069414584321 R08: 15' \
		'cpuid leaf 0x1 ' 'ECX & 0xf '
	decodes '21 0xc000010000000045 rcx 0xffffffff80000008' \
		'cpuid leaf 0x80000008' 'remedy choose another CPU model'
	verdict "CPUID leaves and values from registers"

	decodes '0x10016 0x0000000000000000' 'leaf TDH.VP.INIT (22, 0x16), version 1'
	decodes '42 0x8000020300000000' \
		'leaf 42 of SEAMCALL, which this list does not know'
	decodes 'TDG.17 0xc000010000000000' \
		'leaf 17 of TDCALL, which this list does not know' \
		'details operand RAX (id 0)'
	decodes 'TDG.0x10007 0x0000000000000000' 'leaf TDG.VM.RD (7, 0x7), version 1'
	decodes 'vp.enter 0x0000000000000000' 'leaf TDH.VP.ENTER (0, 0x0)'
	verdict "leaves with versions, and of no list"

	decodes '33 8000020300000000' 'status TDX_RND_NO_ENTROPY (0x8000020300000000)' \
		'tdx_host makes this call again by itself before it gives up'
	decodes 0x000000000000000000008000020200000000 \
		'status TDX_SYS_BUSY (0x8000020200000000)'
	run decode 33 0xc0000a0100000002 </dev/null
	says_not 'makes this call again'
	run decode TDG.4 0x8000020300000000 </dev/null
	says_not 'makes this call again'
	verdict "numbers in every form; only what is retried is said to be"

	decodes 'SEAMLDR.INSTALL 0x8000000000030001' \
		'leaf SEAMLDR.INSTALL of the P-SEAMLDR'
	decodes '0x8000000000000000 0x8000000000020000' \
		'leaf SEAMLDR.INFO of the P-SEAMLDR' \
		'meaning the signature of the TDX module is not valid'
	run decode SEAMLDR.INFO 0x8000000000070000 </dev/null
	exits 1
	verdict "statuses of the P-SEAMLDR"

	run decode 0xc0000fff00000000 </dev/null
	exits 1
	quiet
	says 'status 0xc0000fff00000000'
	says 'no such status'
	run decode 0xc000050500000000 'TDH.SYS.RD failed: 0xc0000fff00000000' </dev/null
	exits 1
	says 'TDX_SYS_NOT_READY'
	says 'no such status'
	verdict "an unknown status: exit 1, and its bits all the same"
}
