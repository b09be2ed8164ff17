# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154,SC2034 # those who source it set them
#
# apt.sh - use Debian's archives without touching this machine's own apt. To be
# sourced, after tests/lib/base.sh.
#
# Each suite (bullseye, trixie...) has an apt of its own, with its own lists and
# its own record of what is installed. The mirror, proxies and the like are
# those of this machine, as apt itself reports them: the format of its files
# does not matter. Downloads are checked against Debian's own keys only.

# archive_uri LABEL DIRECTORY - where this machine gets one of Debian's archives
#
# LABEL is from the archive's Release file. It is not known before the machine's
# first `apt-get update`; until then DIRECTORY, the end of the path, has to do.
archive_uri()
{
	# shellcheck disable=SC2016 # apt expands it
	apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' \
		'Created-By: Packages' 2>/dev/null | awk -v l="$1" -v d="/$2/" '
		$2 == "Debian" && $3 == l ||
		substr($1, length($1) - length(d) + 1) == d { print $1; exit }'
}

# find_archives - sets debian_uri and security_uri
find_archives()
{
	debian_uri=${DEBIAN_MIRROR:-$(archive_uri Debian debian)}
	debian_uri=${debian_uri%/}
	[ -n "$debian_uri" ] || die 1 "this machine's apt knows no archive of" \
		"Debian to take the kernels from: name a mirror near you in" \
		"DEBIAN_MIRROR, http://.../debian"
	security_uri=
	[ -n "${DEBIAN_MIRROR:-}" ] ||
		security_uri=$(archive_uri Debian-Security debian-security)
	# On mirrors the two are beside each other.
	security_uri=${security_uri:-${debian_uri%/debian}/debian-security}
	security_uri=${security_uri%/}
}

# find_keys - sets keys, the file with those of the archives; a package of
# Debian's and of Ubuntu's
find_keys()
{
	for keys in /usr/share/keyrings/debian-archive-keyring.gpg \
		    /usr/share/keyrings/debian-archive-keyring.pgp ''; do
		[ ! -r "$keys" ] || break
	done
	[ -n "$keys" ] || die 1 "no keys to check Debian's archives with:" \
		"install debian-archive-keyring"
}

# apt_conf DIR - the configuration with which apt keeps everything in DIR
apt_conf()
{
	apt-config dump | grep '^Acquire::' | grep -v '^Acquire::IndexTargets'
	cat <<END
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::sourcelist "$1/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "$1/state";
Dir::State::status "$1/state/status";
Dir::Cache "$1/cache";
Dir::Log "$1/log";
APT::Architecture "amd64";
APT::Architectures "amd64";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Sandbox::User "root";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
Acquire::Retries "3";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
END
}

# sources ARCHIVE... - the lines of a sources.list; ARCHIVE/source is the sources
# of its packages
sources()
{
	for _a in "$@"; do
		_type=deb
		case $_a in
		*/source)	_type=deb-src ;;
		esac
		_a=${_a%/source}
		case $_a in
		*-security)	_uri=$security_uri ;;
		*)		_uri=$debian_uri ;;
		esac
		echo "$_type [signed-by=$keys] $_uri $_a main"
	done
}

# apt_open DIR ARCHIVE... - from here on, apt uses DIR, which is created if need
# be. With $apt_update=yes its lists of packages are fetched again.
#
# What apt takes for installed is what add_tools() has put into the suite's
# root, so that nothing is downloaded twice.
apt_open()
{
	_dir=$1
	shift
	unset APT_CONFIG
	find_archives
	find_keys
	mkdir -p "$_dir/state/lists/partial" "$_dir/cache/archives/partial" \
		"$_dir/log"
	[ -e "$_dir/state/status" ] || : >"$_dir/state/status"
	apt_conf "$_dir" >"$_dir/apt.conf"
	sources "$@" >"$_dir/sources.new"
	export APT_CONFIG="$_dir/apt.conf"
	if cmp -s "$_dir/sources.new" "$_dir/sources.list" &&
	   [ "${apt_update:-no}" = no ]; then
		return
	fi
	# Called sources.list only once the lists are complete.
	apt-get -qq -o Dir::Etc::sourcelist="$_dir/sources.new" \
		-o APT::Update::Error-Mode=any update >&2 ||
		die 1 "the archives $* could not be read from $debian_uri" \
			"and $security_uri, see above: look at the network, at" \
			"debian-archive-keyring (it must be recent enough to" \
			"hold their keys), or name another DEBIAN_MIRROR"
	mv "$_dir/sources.new" "$_dir/sources.list"
}

# releases_in_apt FLAVOUR - the kernels that have headers and an image
releases_in_apt()
{
	apt-cache pkgnames linux- | awk -v f="-$1" '
		function release(prefix) {
			if (index($0, prefix) != 1 ||
			    substr($0, length($0) - length(f) + 1) != f)
				return ""
			r = substr($0, length(prefix) + 1)
			r = substr(r, 1, length(r) - length(f))
			# cloud-amd64 ends like amd64
			return r ~ /^[0-9].*-(cloud|rt)$/ ? "" : r
		}
		(r = release("linux-headers-")) != "" { headers[r] = 1 }
		(r = release("linux-image-")) != "" { image[r] = 1 }
		(r = release("linux-binary-")) != "" { image[r] = 1 }
		(r = release("linux-binary-unsigned-")) != "" { image[r] = 1 }
		END {
			for (r in headers)
				if (r in image)
					print r
		}'
}
