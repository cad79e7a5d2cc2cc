"""What a Python vault does with boto3, through the gate; prints what came back as JSON."""
import hashlib, io, json, sys
import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, bucket = sys.argv[1:3]
s3 = boto3.client(
    "s3", endpoint_url=endpoint, region_name="us-east-1",
    aws_access_key_id="suite", aws_secret_access_key="suite-secret",
    config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}),
)
small = b'{"a": 1.0,\r\n "b": 1e2}\xff\x00'
large = bytes(range(256)) * 4096 * 11
sha = lambda data: "sha256:" + hashlib.sha256(data).hexdigest()

def failure(action, **arguments):
    try:
        action(Bucket=bucket, **arguments)
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]

s3.put_object(Bucket=bucket, Key="boto3/small", Body=small, ContentType="application/json")
s3.put_object(Bucket=bucket, Key="boto3/empty", Body=b"")
s3.upload_fileobj(
    io.BytesIO(large), bucket, "boto3/large",
    Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20),
)
read = lambda key: s3.get_object(Bucket=bucket, Key=key)["Body"].read()
print(json.dumps({
    "small": [sha(small), sha(read("boto3/small"))],
    "empty": [sha(b""), sha(read("boto3/empty"))],
    "large": [sha(large), sha(read("boto3/large"))],
    "head": s3.head_object(Bucket=bucket, Key="boto3/small")["ContentLength"] - len(small),
    "missing": failure(s3.head_object, Key="boto3/none"),
    "missingRead": failure(s3.get_object, Key="boto3/none"),
    "slow": failure(s3.put_object, Key="boto3/slow", Body=small),
    "slowHead": failure(s3.head_object, Key="boto3/slow"),
    "keys": [each["Key"] for each in s3.list_objects_v2(Bucket=bucket, Prefix="boto3/")["Contents"]],
}))
