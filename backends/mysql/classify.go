package mysql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/go-sql-driver/mysql"

	"github.com/processtracker/processtracker-go/core/dialect"
)

// Classify implements [dialect.Backend]. The numbers are those of MySQL's "Server
// Error Message Reference" and MariaDB's "Error Codes", which agree on these.
func (b *Backend) Classify(err error) dialect.Class {
	var e *mysql.MySQLError
	switch {
	case errors.Is(err, errPacket):
		return dialect.TooLarge
	case !errors.As(err, &e):
		return classifyTransport(err)
	}
	switch e.Number {
	case errDeadlock,
		1205, // ER_LOCK_WAIT_TIMEOUT
		1467, // ER_AUTOINC_READ_FAILED: the error of a deadlock over a table's next number
		1020, // ER_CHECKREAD: MariaDB's, where a snapshot is held to strictly
		1047, // ER_UNKNOWN_COM_ERROR: the answer of a Galera node to every statement while it is not part of the cluster
		3101, // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: MySQL's group replication gave it up for another node's
		1040, // ER_CON_COUNT_ERROR: too many connections; some of other programs have to end first
		1203, // ER_TOO_MANY_USER_CONNECTIONS
		1226, // ER_USER_LIMIT_REACHED
		1037, // ER_OUTOFMEMORY
		1041, // ER_OUT_OF_RESOURCES
		1135, // ER_CANT_CREATE_THREAD
		1206, // ER_LOCK_TABLE_FULL: the memory for locks, which all transactions share
		1461, // ER_MAX_PREPARED_STMT_COUNT_REACHED: of all sessions
		1637, // ER_TOO_MANY_CONCURRENT_TRXS
		1180, // ER_ERROR_DURING_COMMIT: rolled back, on MariaDB also when a lock on commits was not to be had at once
		1412, // ER_TABLE_DEF_CHANGED: since the transaction began
		1615, // ER_NEED_REPREPARE: since the statement was prepared
		3572: // ER_LOCK_NOWAIT
		return dialect.Conflict
	case 1969, 3024: // ER_STATEMENT_TIMEOUT, ER_QUERY_TIMEOUT: max_statement_time, max_execution_time; most likely while it waited
		return dialect.Conflict
	case 1053, // ER_SERVER_SHUTDOWN
		1158, 1159, 1160, 1161, // ER_NET_READ_ERROR, …_READ_INTERRUPTED, ER_NET_ERROR_ON_WRITE, …_WRITE_INTERRUPTED
		1184, // ER_NEW_ABORTING_CONNECTION
		3032, // ER_SERVER_OFFLINE_MODE
		1077, // ER_NORMAL_SHUTDOWN
		1927, // ER_CONNECTION_KILLED
		4031: // ER_CLIENT_INTERACTION_TIMEOUT
		return dialect.Disconnected
	case errHostBlocked:
		return dialect.Unreachable
	case 1045, // ER_ACCESS_DENIED_ERROR
		1130, // ER_HOST_NOT_PRIVILEGED
		1698, // ER_ACCESS_DENIED_NO_PASSWORD_ERROR
		1820, // ER_MUST_CHANGE_PASSWORD
		1862, // ER_MUST_CHANGE_PASSWORD_LOGIN
		3118, // ER_ACCOUNT_HAS_BEEN_LOCKED, and 4151 in MariaDB
		3955, // ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK
		4150, // ER_USER_IS_BLOCKED
		4151:
		return dialect.Credentials
	case 1044, // ER_DBACCESS_DENIED_ERROR
		1142, // ER_TABLEACCESS_DENIED_ERROR
		1143, // ER_COLUMNACCESS_DENIED_ERROR
		1227, // ER_SPECIFIC_ACCESS_DENIED_ERROR
		1370: // ER_PROCACCESS_DENIED_ERROR
		return dialect.Denied
	case 1290, // ER_OPTION_PREVENTS_STATEMENT: of what the tracker sends, only read_only does
		1792, // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
		1836: // ER_READ_ONLY_MODE
		return dialect.ReadOnly
	case 1062, // ER_DUP_ENTRY
		1586: // ER_DUP_ENTRY_WITH_KEY_NAME
		if b.traits.galera {
			return dialect.Conflict // see InsertAbsent of its dialect; a retry sees the row
		}
		return dialect.Duplicate
	case 1451, // ER_ROW_IS_REFERENCED_2
		1452: // ER_NO_REFERENCED_ROW_2
		return dialect.Reference
	case 1153, // ER_NET_PACKET_TOO_LARGE
		1301, // ER_WARN_ALLOWED_PACKET_OVERFLOWED
		1118: // ER_TOO_BIG_ROWSIZE: also of a text that is too much for the redo log
		return dialect.TooLarge
	case errNoSavepoint:
		return dialect.TransactionEnded
	default:
		return dialect.Other
	}
}

// errDeadlock is ER_LOCK_DEADLOCK: also what a node of Galera says when another one's transaction was first.
const errDeadlock = 1213

// errHostBlocked is ER_HOST_IS_BLOCKED: too many connections from this host were interrupted.
const errHostBlocked = 1129

// errSecureTransport is ER_SECURE_TRANSPORT_REQUIRED: the server takes encrypted connections only.
const errSecureTransport = 3159

// errNoSavepoint is ER_SP_DOES_NOT_EXIST: of savepoints, that the transaction in
// which it was made has ended.
const errNoSavepoint = 1305

// classifyTransport judges errors that did not come from the server.
func classifyTransport(err error) dialect.Class {
	var network *net.OpError
	isNetwork := errors.As(err, &network)
	switch {
	case errors.Is(err, mysql.ErrPktTooLarge):
		return dialect.TooLarge
	case errors.Is(err, dialect.ErrPassword):
		return dialect.Unreachable
	case errors.Is(err, sql.ErrTxDone):
		return dialect.TransactionEnded
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return dialect.Other
	case isNetwork && network.Op == "dial":
		return dialect.Unreachable
	case isNetwork, errors.Is(err, driver.ErrBadConn), errors.Is(err, mysql.ErrInvalidConn),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return dialect.Disconnected
	default:
		return dialect.Other
	}
}
