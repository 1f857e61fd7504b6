// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/support/slurm_cluster.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace wagesim::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::milliseconds kBetweenLooks{50};

/// The program's path, or an empty one.
std::string found(const std::string& program)
{
    for (const char* const folder : {"/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"}) {
        if (fs::exists(folder + program)) return folder + program;
    }
    return "";
}

int free_port()
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    const bool bound = ::bind(descriptor, generic, size) == 0 && ::getsockname(descriptor, generic, &size) == 0;
    ::close(descriptor);
    if (!bound) throw std::runtime_error("cannot find a free port");
    return ntohs(address.sin_port);
}

std::string host_name()
{
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    const std::string whole = name;
    return whole.substr(0, whole.find('.'));
}

std::string user_name()
{
    const passwd* const entry = ::getpwuid(::getuid());
    return entry == nullptr ? "root" : entry->pw_name;
}

bool wait_until(const std::function<bool()>& condition)
{
    const Clock::time_point end = Clock::now() + kPatience;
    while (!condition()) {
        if (Clock::now() > end) return false;
        std::this_thread::sleep_for(kBetweenLooks);
    }
    return true;
}

/// Slurm 23.02 and later can do without control groups; before, those of version 1 are none as long as nothing uses
/// them.
std::string cgroup_plugin()
{
    const std::string version = run_command({found("slurmd"), "-V"}).out;  // "slurm-wlm 22.05.8"
    const std::size_t digits = version.find_first_of("0123456789");
    return digits != std::string::npos && std::stoi(version.substr(digits)) >= 23 ? "disabled" : "cgroup/v1";
}

/// Processes that have `text` in their command line or environment: what slurmd has started leaves its family.
std::vector<pid_t> processes_with(const std::string& text)
{
    std::vector<pid_t> all;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789") != std::string::npos || std::stol(name) == ::getpid()) continue;
        for (const char* const file : {"cmdline", "environ"}) {
            std::ifstream stream(entry.path() / file, std::ios::binary);
            std::ostringstream content;
            content << stream.rdbuf();
            if (content.str().find(text) == std::string::npos) continue;
            all.push_back(static_cast<pid_t>(std::stol(name)));
            break;
        }
    }
    return all;
}

}  // namespace

std::string SlurmCluster::obstacle()
{
    for (const char* const program :
         {"munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo", "setpriv"}) {
        if (found(program).empty()) return std::string("no program ") + program + " (packages munge, slurm-wlm)";
    }
    return "";
}

SlurmCluster::SlurmCluster()
{
    write_configuration();
    start_daemons();
    const bool idle = wait_until([&] { return command({"sinfo", "--noheader", "--format=%T"}).out == "idle\n"; });
    if (idle) return;
    const std::string said = logs();
    stop();
    throw std::runtime_error("the node of the Slurm cluster does not become idle:\n" + said);
}

SlurmCluster::~SlurmCluster()
{
    stop();
}

void SlurmCluster::write_configuration() const
{
    for (const char* const name : {"state", "spool"}) fs::create_directory(folder_.path() / name);
    std::string key(128, '\0');
    std::random_device random;
    for (char& byte : key) byte = static_cast<char>(random());
    write_text(folder_.path() / "munge.key", key);
    fs::permissions(folder_.path() / "munge.key", fs::perms::owner_read | fs::perms::owner_write);
    write_text(folder_.path() / "cgroup.conf", "CgroupPlugin=" + cgroup_plugin() + "\n");

    const std::string user = user_name();
    const std::string here = folder_.path().string();
    const std::string host = host_name();
    std::ostringstream text;
    text << "ClusterName=wagesim\n"
         << "SlurmctldHost=" << host << "(127.0.0.1)\n"
         << "SlurmctldPort=" << free_port() << "\nSlurmdPort=" << free_port() << "\n"
         << "SlurmUser=" << user << "\nSlurmdUser=" << user << "\n"
         << "AuthType=auth/munge\n"
         // Jobs that are requeued wait for their credentials to expire.
         << "AuthInfo=socket=" << here << "/munge.socket,cred_expire=5\n"
         << "StateSaveLocation=" << here << "/state\nSlurmdSpoolDir=" << here << "/spool\n"
         << "SlurmctldPidFile=" << here << "/slurmctld.pid\nSlurmdPidFile=" << here << "/slurmd.pid\n"
         << "SlurmctldLogFile=" << here << "/slurmctld.log\nSlurmdLogFile=" << here << "/slurmd.log\n"
         << "ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nMpiDefault=none\nSwitchType=switch/none\n"
         << "SelectType=select/cons_tres\nSelectTypeParameters=CR_CPU\n"
         << "AccountingStorageType=accounting_storage/none\nJobCompType=jobcomp/none\n"
         << "JobAcctGatherType=jobacct_gather/none\n"
         << "SchedulerType=sched/"
            "builtin\nSchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=100000\n"
         << "SlurmdParameters=config_overrides\nReturnToService=2\nKillWait=10\n"
         << "NodeName=node NodeHostname=" << host << " NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN\n"
         << "PartitionName=main Nodes=node Default=YES MaxTime=INFINITE State=UP\n";
    write_text(folder_.path() / "slurm.conf", text.str());
}

void SlurmCluster::start_daemons()
{
    const std::string here = folder_.path().string();
    // They end with this process, however that ends.
    const auto start = [&](std::vector<std::string> arguments) {
        arguments[0] = found(arguments[0]);
        arguments.insert(arguments.begin(), {found("setpriv"), "--pdeathsig", "KILL", "--"});
        daemons_.push_back(std::make_unique<RunningCommand>(arguments, environment()));
    };
    start({"munged", "--foreground", "--force", "--key-file=" + here + "/munge.key",
           "--socket=" + here + "/munge.socket", "--pid-file=" + here + "/munge.pid",
           "--log-file=" + here + "/munge.log", "--seed-file=" + here + "/munge.seed"});
    if (!daemons_.back()->wait_for_file(folder_.path() / "munge.socket")) {
        throw std::runtime_error("munged does not start:\n" + logs() + daemons_.back()->wait().err);
    }
    start({"slurmctld", "-D", "-c", "-f", here + "/slurm.conf"});
    start({"slurmd", "-D", "-N", "node", "-f", here + "/slurm.conf"});
}

void SlurmCluster::stop()
{
    static_cast<void>(command({"scancel", "--user=" + user_name()}));
    static_cast<void>(command({"scontrol", "shutdown"}));
    const std::string here = folder_.path().string();
    for (const int signal : {SIGTERM, SIGKILL}) {
        for (const pid_t process : processes_with(here)) ::kill(process, signal);
        for (int looks = 0; looks < 40 && !processes_with(here).empty(); ++looks) {
            std::this_thread::sleep_for(kBetweenLooks);
            // Zombies have neither command line nor environment: they count as gone.
        }
    }
    daemons_.clear();
}

std::vector<std::string> SlurmCluster::environment() const
{
    return {"SLURM_CONF=" + (folder_ / "slurm.conf")};
}

CommandResult SlurmCluster::command(const std::vector<std::string>& arguments) const
{
    std::vector<std::string> all = arguments;
    all[0] = found(all[0]);
    return run_command(all, environment());
}

std::string SlurmCluster::state(const std::string& job) const
{
    const std::string text = command({"scontrol", "--oneliner", "show", "job", job}).out;
    const std::string key = "JobState=";
    const std::size_t at = text.find(key);
    if (at == std::string::npos) return "";
    const std::size_t begin = at + key.size();
    return text.substr(begin, text.find(' ', begin) - begin);
}

bool SlurmCluster::has_ended(const std::string& job) const
{
    const CommandResult result = command({"squeue", "--noheader", "--jobs=" + job});
    return result.status == 0 && result.out.empty();
}

std::string SlurmCluster::logs() const
{
    std::string text;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
        if (entry.path().extension() == ".log") text += entry.path().string() + ":\n" + read_text(entry.path());
    }
    return text;
}

}  // namespace wagesim::test
